import { setTimeout as sleep } from 'node:timers/promises';
import { publishRelease } from '../../lambda/catalog/publish/publish-release';
import { keys } from '../../lambda/names/keys';
import { COPY_EVENTS } from './copy-events';
import type { Event } from './event';
import { namesLive, readerNamesLive } from './names-live';
import { poison } from './poison';
import type { Seeded } from './seeded';
import type { World } from './world';

const pauses = (seeded: Seeded): [number, number, number] => [
  seeded.between(0, 300),
  seeded.between(0, 600),
  seeded.between(0, 300),
];

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
  const release = await world.another(seeded);
  world.follows = false;
  const end = await world.publisher(release, pauses(seeded)).killAfter(seeded.between(50, 1_200));
  return `publish of ${release} cut off: ${end}`;
};

const cutThenAnother: Event = async (world, seeded) => {
  const cut = await cutPublish(world, seeded);
  const release = await world.another(seeded);
  await world.publishInFull(release);
  await namesLive(world);
  return `${cut}; then ${release} in full`;
};

const twoPublishers: Event = async (world, seeded) => {
  await world.quiet();
  // The first may still be at any step when the second is done.
  const slow: [number, number, number] = [
    seeded.between(0, 1_000),
    seeded.between(0, 1_500),
    seeded.between(0, 1_500),
  ];
  const first = world.publisher(await world.another(seeded), slow);
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
  const release = await world.another(seeded);
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
  const release = await world.another(seeded);
  await world.publishInFull(release);
  await namesLive(world);
  return `the clock of ${reader.name} set back, then ${release} published in full`;
};

/**
 * A former release's mark comes back, without expiry and with the note that agrees: from a copy of the whole Redis, say.
 * It is believed for what is left of its own minute, and by a clock that is past that not at all.
 */
const formerMarkReturns: Event = async (world, seeded) => {
  // The mark of a reader whose clock is ahead would be good for longer.
  for (const { clock } of world.readers) clock.ahead = 0;
  await world.publishInFull(await world.another(seeded));
  const marks: readonly string[] = [keys.release, keys.told];
  const former = await world.pair.atPrimary((client) =>
    Promise.all(marks.map((key) => client.dumpBuffer(key).catch(() => null))),
  );
  const release = await world.another(seeded);
  await world.publishInFull(release);
  await world.pair.atPrimary(async (client) => {
    for (const [at, dump] of former.entries()) {
      if (dump === null) await client.del(marks[at]!);
      else await client.restore(marks[at]!, 0, dump, 'REPLACE');
    }
  });
  world.follows = false;
  const reader = seeded.pick(world.readers);
  reader.clock.ahead = 120_000;
  await readerNamesLive(world, reader, release);
  return `${release} published in full, then the former mark returned without expiry`;
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
  // Often within the time between two looks at the release.
  const gap = seeded.between(0, seeded.chance(0.5) ? 300 : 2_500);
  const behind = world.pair.linked ? '' : ', which is behind';
  await world.pair.failOver(gap);
  return `the primary died; ${gap} ms later its replica took over${behind}`;
};

/** What was published is nowhere in the copy that takes over. */
const publishBehindReplica: Event = async (world, seeded) => {
  if (world.pair.linked) await world.pair.unlink();
  const release = await world.another(seeded);
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
  ...COPY_EVENTS,
  formerMarkReturns,
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
