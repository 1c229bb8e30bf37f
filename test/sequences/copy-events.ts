import { backUp, migrate, restore } from './copies';
import type { Event } from './event';
import { namesLive } from './names-live';
import type { Seeded } from './seeded';
import type { World } from './world';

/** Most backups kept. */
const KEPT = 4;

async function takeBackup(world: World): Promise<void> {
  world.backups.push(await backUp(world.pair.front.connectionString, world.elsewhere.catalog.store));
  if (world.backups.length > KEPT) world.backups.shift();
}

async function restoreOne(world: World, seeded: Seeded): Promise<string> {
  const backup = seeded.pick(world.backups);
  const { store } = world.elsewhere.catalog;
  const report = await restore(store, backup, world.pair.front.connectionString, seeded.chance(0.7));
  return `restored a backup of ${backup.manifest.release ?? 'no release'}: ${report}`;
}

/** One of any age. */
const restoreAnOldOne: Event = async (world, seeded) => {
  if (world.backups.length === 0) await takeBackup(world);
  return restoreOne(world, seeded);
};

const restoreAcrossPublish: Event = async (world, seeded) => {
  await world.quiet();
  await takeBackup(world);
  const release = await world.another(seeded);
  await world.publishInFull(release);
  const restored = await restoreOne(world, seeded);
  await namesLive(world);
  return `${release} published in full; ${restored}`;
};

/** What the publish removes must not come back behind it. */
const restoreDuringPublish: Event = async (world, seeded) => {
  await world.quiet();
  await takeBackup(world);
  const release = await world.another(seeded);
  world.follows = false;
  const publisher = world.publisher(release, [0, seeded.between(100, 400), 0]);
  const reports: string[] = [];
  while (world.publishing) reports.push(await restoreOne(world, seeded));
  world.follows = (await publisher.end) === 'in full';
  if (world.follows) await namesLive(world);
  return `while ${release} was published: ${reports.length} times, last ${reports.at(-1) ?? 'nothing'}`;
};

/** The target has no mark and no note for a moment. */
const restoreIntoEmpty: Event = async (world, seeded) => {
  if (world.backups.length === 0) await takeBackup(world);
  world.follows = false;
  await world.pair.atPrimary((client) => client.flushall());
  return `FLUSHALL; ${await restoreOne(world, seeded)}`;
};

const migrateFromElsewhere: Event = async (world, seeded) => {
  const release = seeded.pick(world.releases);
  await world.elsewhere.use(release);
  const { connectionString } = world.elsewhere;
  const report = await migrate(connectionString, world.pair.front.connectionString, seeded.chance(0.7));
  return `migrated from an environment on ${release}: ${report}`;
};

/** By how often they happen. */
export const COPY_EVENTS: readonly Event[] = [
  ...Array<Event>(2).fill(restoreAcrossPublish),
  ...Array<Event>(2).fill(migrateFromElsewhere),
  restoreAnOldOne,
  restoreDuringPublish,
  restoreIntoEmpty,
];
