import { compareAll } from '../../lambda/backup/compare-all';
import { MANIFEST_NAME, partName } from '../../lambda/backup/backup-layout';
import { type Backup, openBackup } from '../../lambda/backup/open-backup';
import { encodeManifest } from '../../lambda/backup/backup-manifest';
import { PartWriter } from '../../lambda/backup/part-writer';
import { backupRecords } from '../../lambda/backup/backup-records';
import { assertRestorable } from '../../lambda/backup/restorable';
import { verifyBackup } from '../../lambda/backup/verify-backup';
import { parseInfo } from '../../lambda/redis/info';
import type { Pace } from '../../lambda/snapshot/pace';
import { probePayload } from '../../lambda/snapshot/payload';
import type { SnapshotRecord } from '../../lambda/snapshot/record';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { TcpProxy } from '../support/tcp-proxy';
import { TwoServers, unpaced } from './two-servers';
import { bulkTo, fillCodes, plainClient } from './filled-redis';

let servers: TwoServers;

beforeAll(async () => {
  servers = await TwoServers.start();
});
beforeEach(() => servers.reset());
afterAll(() => servers.stop());

/** The backup with one more part, of a key whose payload claims RDB version 99 and is signed for it. */
function withNewerPayload(backup: Backup, newest: number): Promise<Backup> {
  const key = Buffer.from('from-the-future');
  return withOneMore(backup, { key, payload: probePayload(99), expiresAt: 0 }, newest);
}

/** The backup with one more part, of one record. */
async function withOneMore(
  backup: Backup,
  record: SnapshotRecord,
  newest = backup.manifest.redis.rdbVersion,
): Promise<Backup> {
  const { store } = servers;
  const name = partName(backup.manifest.parts.length + 1);
  const writer = new PartWriter(store, backup.folder + name, name, {});
  await writer.write(record);
  const part = await writer.close();
  const manifest = {
    ...backup.manifest,
    keys: backup.manifest.keys + 1,
    redis: { ...backup.manifest.redis, rdbVersion: newest },
    parts: [...backup.manifest.parts, part],
  };
  await store.put(backup.folder + MANIFEST_NAME, encodeManifest(manifest));
  return openBackup(store, 'backups/redis/dev/', backup.run);
}

describe('a restore', () => {
  it('loses nothing and doubles nothing when the connection drops again and again', async () => {
    await fillCodes(servers.from, 20_000);
    const backup = await servers.backUp();
    const proxy = await TcpProxy.to(servers.target.port);
    proxy.cut({ of: 'requests', afterBytes: 300_000, times: 4 });
    const session = bulkTo(proxy.connectionString);
    try {
      const report = await servers.restore(backup, {}, session);
      expect(proxy.cuts).toBe(4);
      expect(report).toMatchObject({
        restored: 20_000,
        existing: 0,
        expired: 0,
        failed: 0,
        untried: 0,
        reconnects: 4,
      });
      expect(report.stop).toBeUndefined();
    } finally {
      session.close();
      await proxy.close();
    }
    const compared = await compareAll(servers.writer, () => backupRecords(servers.store, backup), {
      pace: unpaced,
      ttlToleranceMs: 1_000,
    });
    expect(compared).toMatchObject({ same: 20_000, missing: 0, differentValue: 0, differentExpiry: 0 });
  });

  it('leaves existing keys alone, unless asked to replace them', async () => {
    await fillCodes(servers.from, 100);
    const backup = await servers.backUp();
    await servers.to.set('icd10:K5', 'live');
    expect(await servers.restore(backup)).toMatchObject({ restored: 99, existing: 1 });
    expect(await servers.to.get('icd10:K5')).toBe('live');
    expect(await servers.restore(backup, { replace: true })).toMatchObject({ restored: 100, existing: 0 });
    expect(await servers.to.get('icd10:K5')).toMatch(/^5:/);
  });

  it('leaves out what does not belong there, counted by the reason, and compares without it', async () => {
    await servers.from.mset('icd10:A', '1', 'icd10:B', '2', 'cpt:1', '3');
    const backup = await servers.backUp();
    const leaveOut = ({ key }: { key: Buffer }): string | undefined =>
      key.toString().startsWith('icd10:') ? 'belongs to another release' : undefined;
    expect(await servers.restore(backup, { leaveOut })).toMatchObject({
      restored: 1,
      leftOut: { 'belongs to another release': 2 },
    });
    expect(await servers.to.keys('*')).toEqual(['cpt:1']);
    const compared = await compareAll(servers.writer, () => backupRecords(servers.store, backup), {
      pace: unpaced,
      ttlToleranceMs: 0,
      leaveOut,
    });
    expect(compared).toMatchObject({ same: 1, missing: 0 });
  });

  it('counts what has expired since, and does not bring it back', async () => {
    await servers.from.set('short', '1');
    const payload = await servers.from.dumpBuffer('short');
    await servers.from.del('short');
    await servers.from.set('long', '2', 'EX', 5_000);
    await servers.from.set('never', '3');
    const record = { key: Buffer.from('short'), payload, expiresAt: Date.now() - 1 };
    const backup = await withOneMore(await servers.backUp(), record);
    expect(backup.manifest.keys).toBe(3);
    await servers.to.set('short', 'live');
    expect(await servers.restore(backup, { replace: true })).toMatchObject({ restored: 2, expired: 1 });
    expect(await servers.to.get('short')).toBe('live');
    expect(await servers.to.ttl('never')).toBe(-1);
    const difference =
      Number(await servers.to.call('PEXPIRETIME', 'long')) -
      Number(await servers.from.call('PEXPIRETIME', 'long'));
    expect(Math.abs(difference)).toBeLessThan(2_000);
  });

  it('writes nothing when dry, and says what it would do', async () => {
    await fillCodes(servers.from, 50);
    const backup = await servers.backUp();
    await servers.to.set('icd10:K1', 'live');
    expect(await servers.restore(backup, { dryRun: true })).toMatchObject({ restored: 49, existing: 1 });
    expect(await servers.restore(backup, { dryRun: true, replace: true })).toMatchObject({
      restored: 50,
      existing: 0,
    });
    expect(await servers.to.dbsize()).toBe(1);
  });

  it('takes only keys that match', async () => {
    await servers.from.mset('icd10:A', '1', 'cpt:1', '2', 'hot:codes:demo', '3');
    const backup = await servers.backUp();
    for await (const record of backupRecords(servers.store, backup, ['cpt:*', 'hot:*'])) {
      expect(record.key.toString()).not.toMatch(/^icd10/);
    }
  });

  it('refuses data newer than the server before it writes anything', async () => {
    await fillCodes(servers.from, 10);
    const backup = await withNewerPayload(await servers.backUp(), 99);
    expect(await verifyBackup(servers.store, backup)).toMatchObject({ problems: [] });
    const refusal = assertRestorable(servers.writer, backup.manifest.redis.rdbVersion);
    await expect(refusal).rejects.toThrow(
      /RDB version 99, but the server \(Redis .*\) takes no newer than \d+/,
    );
    expect(await servers.to.dbsize()).toBe(0);
  });

  it('stops at a newer payload that the manifest does not own up to', async () => {
    await fillCodes(servers.from, 10);
    const first = await servers.backUp();
    const backup = await withNewerPayload(first, first.manifest.redis.rdbVersion ?? 0);
    expect((await verifyBackup(servers.store, backup)).problems).toEqual([
      expect.stringMatching(/from-the-future is of RDB version 99/),
    ]);
    const report = await servers.restore(backup);
    expect(report.stop).toMatchObject({
      reason: 'newer-payload',
      message: expect.stringMatching(/from-the-future/),
    });
    expect(await servers.to.exists('from-the-future')).toBe(0);
  });

  it('stops at a damaged part, having written none but sound records', async () => {
    await fillCodes(servers.from, 2_000);
    const backup = await servers.backUp();
    const key = backup.folder + partName(1);
    const bytes = Buffer.from((await servers.store.get(key))!);
    bytes[Math.floor(bytes.length / 2)]! ^= 4;
    await servers.store.put(key, bytes);
    const report = await servers.restore(backup);
    expect(report.stop).toMatchObject({
      reason: 'source',
      message: expect.stringMatching(/part-00001\.rdump\.zst is damaged/),
    });
    expect(report.restored + report.untried).toBe(2_000);
    expect(report.restored).toBe(await servers.to.dbsize());
    for (const key of await servers.to.keys('*')) {
      expect(await servers.to.get(key)).toBe(await servers.from.get(key));
    }
  });
});

describe('a restore into a server that cannot take it', () => {
  let awkward: RedisServer | undefined;
  afterEach(async () => {
    await awkward?.stop();
    awkward = undefined;
  });

  it('stops at the memory limit with numbers and the remedy, and goes on once there is room', async () => {
    await fillCodes(servers.from, 20_000, 400);
    const backup = await servers.backUp();
    awkward = await startRedisServer({ args: ['--maxmemory-policy', 'noeviction'] });
    const session = bulkTo(awkward.connectionString);
    const client = plainClient(awkward.connectionString);
    try {
      // Room for some of the keys, beside what clients hold at the moment.
      const used = parseInfo(await client.info('memory')).usedMemoryBytes!;
      await client.config('SET', 'maxmemory', used + 5_000_000);
      const report = await servers.restore(backup, {}, session);
      expect(report.stop).toMatchObject({
        reason: 'out-of-memory',
        message: expect.stringMatching(/Enlarge the plan/),
      });
      expect(report.restored).toBeGreaterThan(100);
      expect(report.restored).toBe(await client.dbsize());
      expect(report).toMatchObject({ untried: 20_000 - report.restored, untriedAtMost: false });
      expect(report.failed).toBe(0);
      // The memory of replies under way may have been freed again; now there is no room for sure.
      await client.config('SET', 'maxmemory', 1);
      await expect(assertRestorable(session, backup.manifest.redis.rdbVersion)).rejects.toThrow(
        /memory limit.*Nothing was written/,
      );

      await client.config('SET', 'maxmemory', '100mb');
      const rest = await servers.restore(backup, {}, session);
      expect(rest.existing).toBe(report.restored);
      expect(rest.restored + rest.existing).toBe(20_000);
    } finally {
      session.close();
      client.disconnect();
    }
  });

  it('says how many keys the server evicted to make room', async () => {
    await fillCodes(servers.from, 20_000, 400);
    const backup = await servers.backUp();
    awkward = await startRedisServer({ args: ['--maxmemory', '4mb', '--maxmemory-policy', 'allkeys-lru'] });
    const session = bulkTo(awkward.connectionString);
    try {
      const report = await servers.restore(backup, {}, session);
      expect(report.stop).toBeUndefined();
      expect(report.evicted).toBeGreaterThan(1_000);
    } finally {
      session.close();
    }
  });

  it('refuses a read-only replica before writing', async () => {
    awkward = await startRedisServer({ args: ['--replicaof', '127.0.0.1', String(servers.source.port)] });
    const session = bulkTo(awkward.connectionString);
    try {
      // A replica that has not reached its primary yet answers MASTERDOWN or serves; the session waits.
      await expect(assertRestorable(session, 9)).rejects.toThrow(/read-only replica.*Nothing was written/);
    } finally {
      session.close();
    }
  });

  it('waits for a server that is loading its data', async () => {
    await fillCodes(servers.from, 500);
    const backup = await servers.backUp();
    const folder = ['--dir', servers.directory];
    const seed = await startRedisServer({ args: folder });
    const seedClient = plainClient(seed.connectionString);
    await fillCodes(seedClient, 500);
    await seedClient.save();
    seedClient.disconnect();
    await seed.stop();
    awkward = await startRedisServer({
      // So slow that it is not done before it was met; then at full speed.
      args: [...folder, '--key-load-delay', '50000', '--loading-process-events-interval-bytes', '1024'],
    });
    const retries: string[] = [];
    const client = plainClient(awkward.connectionString);
    const session = bulkTo(awkward.connectionString, {
      onRetry: (reason) => {
        retries.push(reason);
        void client.config('SET', 'key-load-delay', 0);
      },
    });
    try {
      const report = await servers.restore(backup, { replace: true }, session);
      expect(report).toMatchObject({ restored: 500, failed: 0 });
      expect(retries).toContain('Redis is unavailable (loading)');
    } finally {
      session.close();
      client.disconnect();
    }
  });

  it('says where it stopped when the server goes away for good', async () => {
    await fillCodes(servers.from, 5_000);
    const backup = await servers.backUp();
    awkward = await startRedisServer();
    const session = bulkTo(awkward.connectionString, { patienceMs: 1_000 });
    try {
      let done = 0;
      // A restore asks its pace before every batch: the server is gone for good before the next one is written.
      const pace: Pace = {
        ...unpaced,
        async take() {
          if (done > 1_000) await awkward!.stop();
        },
      };
      const report = await servers.restore(backup, { pace, onProgress: (now) => void (done = now) }, session);
      expect(report.stop?.reason).toBe('unreachable');
      expect(report.restored).toBeGreaterThan(1_000);
      expect(report.untried).toBe(5_000 - report.restored);
    } finally {
      session.close();
    }
  });
});
