import { setTimeout as sleep } from 'node:timers/promises';
import { drawQuestion } from './questions';
import type { Reader } from './readers';
import type { World } from './world';

/** Milliseconds after which an answer of a former release is late for good, and no more the fault of a busy machine. */
const LATE_FOR_GOOD = 5_000;

/** Answers in a row that name the live release, so that one lucky one excuses no others. */
const ENOUGH = 10;

/** With the cache told in full and nothing disturbed since, every reader names the live release. */
export async function namesLive(world: World): Promise<void> {
  // A reader whose clock is ahead finds the release key lapsed, and is answered by the store when it can.
  for (const { clock } of world.readers) clock.ahead = Math.min(clock.ahead, 0);
  const live = await world.live();
  await Promise.all(world.readers.map((reader) => readerNamesLive(world, reader, live)));
}

/** One reader does, whatever its clock says. */
export async function readerNamesLive(world: World, reader: Reader, live: string): Promise<void> {
  const deadline = performance.now() + LATE_FOR_GOOD;
  let last = '';
  for (let right = 0; right < ENOUGH;) {
    const { release, outcome } = await reader.ask(drawQuestion(world.chances));
    right = release === live ? right + 1 : 0;
    if (release !== live) last = `${release} (${outcome})`;
    if (right === 0 && performance.now() > deadline) {
      world.ledger.blame(`${reader.name}: late: still of ${last}, while ${live} is live and told in full`);
      return;
    }
    if (right === 0) await sleep(50);
  }
}
