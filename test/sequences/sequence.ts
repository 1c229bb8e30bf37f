import { setTimeout as sleep } from 'node:timers/promises';
import { EVENTS, lastEvent } from './events';
import { Seeded } from './seeded';
import { World } from './world';

export interface SequenceReport {
  /** The first answer that was wrong, late or refused without need. */
  readonly fault: string | undefined;
  /** All that happened, with its time. */
  readonly events: readonly string[];
  /** Answers by who gave them. */
  readonly answers: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/**
 * Lets things happen to a running service in an order that the seed draws, while callers ask it without end and hold
 * every answer against its release's source. Ends at the first fault.
 * @param milliseconds how long
 * @param show told of each event as it happens
 */
export async function runSequence(
  seed: number,
  milliseconds: number,
  show: (line: string) => void = () => undefined,
): Promise<SequenceReport> {
  const seeded = new Seeded(seed);
  const environment = { ...process.env };
  const world = await World.start(seeded, show);
  const { ledger } = world;
  const faultless = (): boolean => ledger.fault === undefined;
  const until = performance.now() + milliseconds;
  try {
    while (faultless() && performance.now() < until) {
      ledger.say(await seeded.pick(EVENTS)(world, seeded));
      // Their names are kept for tests that count.
      world.s3.requests.length = 0;
      await sleep(seeded.between(0, 700));
    }
    if (faultless()) ledger.say(await lastEvent(world, seeded));
  } finally {
    await world.stop();
    process.env = environment;
  }
  return { fault: ledger.fault, events: ledger.events, answers: ledger.answers, seconds: ledger.seconds };
}
