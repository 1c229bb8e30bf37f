import { backupRecords } from '../../lambda/backup/backup-records';
import { compareAll } from '../../lambda/backup/compare-all';
import type { BulkSession } from '../../lambda/redis/bulk-session';
import type { Pace } from '../../lambda/snapshot/pace';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { bulkTo, fillCodes, plainClient } from './filled-redis';
import { TwoServers, unpaced } from './two-servers';

const KEYS = 6_000;
let servers: TwoServers;
let target: RedisServer;
let session: BulkSession;

beforeAll(async () => {
  servers = await TwoServers.start();
});
beforeEach(async () => {
  await servers.reset();
  await fillCodes(servers.from, KEYS);
  target = await startRedisServer();
  session = bulkTo(target.connectionString);
});
afterEach(async () => {
  session.close();
  await target.stop();
});
afterAll(() => servers.stop());

/** The target dies without having saved anything, and comes back empty at the same port. */
async function restartEmpty(): Promise<void> {
  process.kill(target.pid, 'SIGKILL');
  await target.stop();
  target = await startRedisServer({ port: target.port });
}

/** Whoever copies asks its pace before every exchange: there something happens, as often as told. */
function paceWith(due: () => boolean, deed: () => Promise<void>): Pace {
  return {
    ...unpaced,
    async take() {
      if (due()) await deed();
    },
  };
}

async function keysAtTarget(): Promise<number> {
  const client = plainClient(target.connectionString);
  try {
    return await client.dbsize();
  } finally {
    client.disconnect();
  }
}

describe('a restore whose target restarts empty half-way', () => {
  it.each([false, true])(
    'writes everything again, and counts what is there (replace: %s)',
    async (replace) => {
      const backup = await servers.backUp();
      let done = 0;
      let restarts = 0;
      const pace = paceWith(
        () => done > KEYS / 2 && restarts === 0,
        async () => {
          restarts += 1;
          await restartEmpty();
        },
      );
      const onProgress = (keys: number): void => void (done = keys);
      const report = await servers.restore(backup, { replace, pace, onProgress }, session);
      expect(report).toMatchObject({ restored: KEYS, existing: 0, failed: 0, untried: 0, restarts: 1 });
      expect(report.stop).toBeUndefined();
      expect(await keysAtTarget()).toBe(KEYS);
    },
  );

  it('says so, with what is known, when it never stays', async () => {
    const backup = await servers.backUp();
    let done = 0;
    const pace = paceWith(
      () => done > 1_000,
      async () => {
        done = 0;
        await restartEmpty();
      },
    );
    const onProgress = (keys: number): void => void (done = keys);
    const report = await servers.restore(backup, { pace, onProgress }, session);
    expect(report).toMatchObject({ restored: 0, untried: KEYS, restarts: 5, stop: { reason: 'unsteady' } });
  });
});

describe('a comparison whose target restarts empty half-way', () => {
  it('begins anew and finds what is missing now', async () => {
    const backup = await servers.backUp();
    await servers.restore(backup, {}, session);
    let done = 0;
    let restarts = 0;
    const pace = paceWith(
      () => done > KEYS / 2 && restarts === 0,
      async () => {
        restarts += 1;
        await restartEmpty();
      },
    );
    const report = await compareAll(session, () => backupRecords(servers.store, backup), {
      pace,
      ttlToleranceMs: 1_000,
      onProgress: (keys) => void (done = keys),
    });
    expect(report).toMatchObject({ same: 0, missing: KEYS });
  });
});
