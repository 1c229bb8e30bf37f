import { setTimeout as sleep } from 'node:timers/promises';
import { publishRelease } from '../../lambda/catalog/publish/publish-release';
import { keys } from '../../lambda/names/keys';
import { poison } from './poison';
import { drawQuestion } from './questions';
import type { Reader } from './readers';
import type { Seeded } from './seeded';
import type { World } from './world';

/** Something that happens to the service; says what. */
type Event = (world: World, seeded: Seeded) => Promise<string> | string;

const pauses = (seeded: Seeded): [number, number, number] => [
  seeded.between(0, 300),
  seeded.between(0, 600),
  seeded.between(0, 300),
];

async function another(world: World, seeded: Seeded): Promise<string> {
  const live = await world.live();
  return seeded.pick(world.releases.filter((release) => release !== live));
}

/** One that works on while other things happen. */
function startPublish(world: World, seeded: Seeded): string {
  const release = seeded.pick(world.releases);
  world.follows = false;
  world.publisher(release, pauses(seeded));
  return `publish ${release}`;
}

const rollBack: Event = async (world) => {
  await world.quiet();
  const release = (await world.previous()) ?? 'r1';
  await world.publishInFull(release);
  await namesLive(world);
  return `rolled back to ${release}`;
};

const cutPublish: Event = async (world, seeded) => {
  await world.quiet();
  const release = await another(world, seeded);
  world.follows = false;
  const end = await world.publisher(release, pauses(seeded)).killAfter(seeded.between(50, 1_200));
  return `publish of ${release} cut off: ${end}`;
};

const cutThenAnother: Event = async (world, seeded) => {
  const cut = await cutPublish(world, seeded);
  const release = await another(world, seeded);
  await world.publishInFull(release);
  await namesLive(world);
  return `${cut}; then ${release} in full`;
};

const twoPublishers: Event = async (world, seeded) => {
  await world.quiet();
  const first = world.publisher(await another(world, seeded), pauses(seeded));
  await sleep(seeded.between(0, 500));
  const second = world.publisher(seeded.pick(world.releases), pauses(seeded));
  const both = [first, second];
  const ends = await Promise.all(both.map(({ end }) => end));
  const live = await world.live();
  world.follows = both.some(({ release }, at) => release === live && ends[at] === 'in full');
  if (world.follows) await namesLive(world);
  return `two publishers, of ${first.release} and ${second.release}`;
};

const tellNoCache: Event = async (world, seeded) => {
  await world.quiet();
  const release = await another(world, seeded);
  world.follows = false;
  await publishRelease(world.store, release, { now: () => new Date(), cache: undefined });
  return `published ${release} without telling the cache`;
};

const flushAll: Event = async (world) => {
  await world.pair.atPrimary((client) => client.flushall());
  return 'FLUSHALL';
};

const lapse: Event = async (world) => {
  await world.pair.atPrimary((client) => client.del(keys.release));
  return 'the release key lapses';
};

const poisoned: Event = async (world, seeded) => {
  world.follows = false;
  return `poison: ${await world.pair.atPrimary((client) => poison(client, seeded))}`;
};

const setClock: Event = (world, seeded) => {
  const reader = seeded.pick(world.readers);
  const ahead = seeded.pick([-120_000, 0, 120_000]);
  reader.clock.ahead = ahead;
  return `the clock of ${reader.name} is ${ahead / 1_000} s ahead`;
};

/** The clock goes back while the old release is in memory, and a publish follows. */
const setBackThenPublish: Event = async (world, seeded) => {
  const reader = seeded.pick(world.readers);
  reader.clock.ahead = 0;
  await sleep(500);
  reader.clock.ahead = -120_000;
  const release = await another(world, seeded);
  await world.publishInFull(release);
  await namesLive(world);
  return `the clock of ${reader.name} set back, then ${release} published in full`;
};

const restartReader: Event = async (world, seeded) => {
  const reader = seeded.pick(world.readers);
  await reader.restart();
  return `${reader.name} is a new process`;
};

const loseReplica: Event = async (world, seeded) => {
  if (!world.pair.linked) return 'the replica stays cut off';
  await world.pair.unlink();
  return `the replica hears no more of its primary${seeded.chance(0.5) ? `; ${startPublish(world, seeded)}` : ''}`;
};

const failOver: Event = async (world, seeded) => {
  world.follows = false;
  const gap = seeded.between(0, 2_500);
  const behind = world.pair.linked ? '' : ', which is behind';
  await world.pair.failOver(gap);
  return `the primary died; ${gap} ms later its replica took over${behind}`;
};

/** What was published is nowhere in the copy that takes over. */
const publishBehindReplica: Event = async (world, seeded) => {
  if (world.pair.linked) await world.pair.unlink();
  const release = await another(world, seeded);
  await world.publishInFull(release);
  const failed = await failOver(world, seeded);
  return `${release} published unheard by the replica; ${failed}`;
};

const disturbStore: Event = async (world, seeded) => {
  const fault = seeded.pick(['never-answers', 'stalled-body', 'truncated-body', 503, 500] as const);
  const milliseconds = seeded.between(300, 4_000);
  await world.disturbStore(fault, milliseconds);
  return `the store: ${fault} for ${milliseconds} ms`;
};

const slowStore: Event = async (world, seeded) => {
  const latency = seeded.between(20, 300);
  await world.disturbStore({ latency }, 2_000);
  return `the store: ${latency} ms late`;
};

const loseConnections: Event = (world, seeded) => {
  const { front } = world.pair;
  if (seeded.chance(0.5)) front.loseConnections();
  else front.resetConnections();
  return 'connections to Redis lost';
};

const rest: Event = async (_world, seeded) => {
  await sleep(seeded.between(500, 2_500));
  return 'rest';
};

const settle: Event = async (world, seeded) => {
  await world.quiet();
  if (!world.follows) await world.publishInFull(seeded.pick(world.releases));
  if (!world.pair.linked) await world.pair.link();
  await namesLive(world);
  return `settled: ${await world.live()} is live everywhere`;
};

/** By how often they happen. */
export const EVENTS: readonly Event[] = [
  ...Array<Event>(3).fill(startPublish),
  ...Array<Event>(2).fill(cutPublish),
  ...Array<Event>(2).fill(cutThenAnother),
  ...Array<Event>(2).fill(twoPublishers),
  ...Array<Event>(5).fill(poisoned),
  ...Array<Event>(2).fill(setClock),
  ...Array<Event>(2).fill(rest),
  ...Array<Event>(2).fill(disturbStore),
  rollBack,
  tellNoCache,
  flushAll,
  lapse,
  setBackThenPublish,
  restartReader,
  loseReplica,
  failOver,
  publishBehindReplica,
  slowStore,
  loseConnections,
  settle,
];
/** What every run ends with. */
export const lastEvent = settle;

/** Milliseconds after which an answer of a former release is late for good, and no more the fault of a busy machine. */
const LATE_FOR_GOOD = 5_000;

/** With the cache told in full and nothing disturbed since, every reader names the live release. */
async function namesLive(world: World): Promise<void> {
  const live = await world.live();
  // A reader whose clock is ahead finds the release key lapsed, and is answered by the store when it can.
  for (const { clock } of world.readers) clock.ahead = Math.min(clock.ahead, 0);
  await Promise.all(world.readers.map((reader) => namesLiveSoon(world, reader, live)));
}

async function namesLiveSoon(world: World, reader: Reader, live: string): Promise<void> {
  const deadline = performance.now() + LATE_FOR_GOOD;
  let last = '';
  // Answers in a row, so that one lucky one excuses no others.
  for (let right = 0; right < 10;) {
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
