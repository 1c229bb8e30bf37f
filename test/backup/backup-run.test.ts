import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../lambda/names/clock';
import { keys } from '../../lambda/names/keys';
import { backupRecords } from '../../lambda/backup/backup-records';
import { runBackup } from '../../lambda/backup/backup-run';
import { compareAll } from '../../lambda/backup/compare-all';
import { listRuns } from '../../lambda/backup/listed-runs';
import { assertRestorable } from '../../lambda/backup/restorable';
import { verifyBackup } from '../../lambda/backup/verify-backup';
import { fillCodes, fillEveryType, markRelease } from './filled-redis';
import { SETTINGS, TwoServers, unpaced } from './two-servers';

let servers: TwoServers;

beforeAll(async () => {
  servers = await TwoServers.start();
});
beforeEach(() => servers.reset());
afterAll(() => servers.stop());

describe('a backup', () => {
  it('brings every type of value, binary keys and values among them, to another Redis unchanged', async () => {
    const { from, to, writer, store } = servers;
    const total = await fillEveryType(from);
    const backup = await servers.backUp();
    expect(backup.manifest).toMatchObject({
      keys: total,
      environment: 'dev',
      redis: { version: expect.any(String) },
    });
    await assertRestorable(writer, backup.manifest.redis.rdbVersion);
    expect(await servers.restore(backup)).toMatchObject({
      restored: total,
      existing: 0,
      expired: 0,
      failed: 0,
      failures: [],
    });
    const compared = await compareAll(writer, () => backupRecords(store, backup), {
      pace: unpaced,
      ttlToleranceMs: 1_000,
    });
    expect(compared).toMatchObject({ same: total, missing: 0, differentValue: 0, differentExpiry: 0 });
    expect(await to.hgetall('hash:large')).toEqual(await from.hgetall('hash:large'));
    expect((await to.smembers('set:large')).sort()).toEqual((await from.smembers('set:large')).sort());
    expect(await to.getBuffer('')).toEqual(Buffer.from('the empty key'));
  });

  it('of 25,000 keys comes in several parts, verifies, and lists as complete', async () => {
    const { store, directory } = servers;
    await fillCodes(servers.from, 25_000);
    const backup = await servers.backUp({ partBytes: 512 * 1024 });
    expect(backup.manifest.keys).toBe(25_000);
    expect(backup.manifest.parts.length).toBeGreaterThan(2);
    expect(await verifyBackup(store, backup)).toMatchObject({ keys: 25_000, problems: [] });
    const files = readdirSync(join(directory, backup.folder)).sort();
    expect(files).toEqual(['manifest.json', ...backup.manifest.parts.map((part) => part.name)]);
    expect(files[1]).toBe('part-00001.rdump.zst');
    expect(await listRuns(store, SETTINGS.prefix)).toMatchObject([{ run: backup.run, complete: true }]);
    expect((await servers.restore(backup)).restored).toBe(25_000);
    expect(await servers.to.dbsize()).toBe(25_000);
  });

  it('removes parts of its own folder that it does not name, as a dead invocation may leave them', async () => {
    const { store } = servers;
    await fillCodes(servers.from, 10);
    const startedAt = Date.parse('2026-11-22T03:00:00.000Z');
    const stray = `${SETTINGS.prefix}2026-11-22T03:00:00.000Z/part-00007.rdump.zst`;
    await store.put(stray, Buffer.from('half'));
    const clock = { ...systemClock, now: () => startedAt };
    await runBackup({ redis: servers.reader, store, clock }, SETTINGS);
    expect(await store.get(stray)).toBeUndefined();
  });
});

describe('the release that a backup names', () => {
  it('is the one that Redis names, or none', async () => {
    await servers.from.set('icd10:A00', '1');
    expect((await servers.backUp()).manifest.release).toBeNull();
    await markRelease(servers.from, '2026-10');
    const backup = await servers.backUp();
    expect(backup.manifest.release).toBe('2026-10');
    expect(await servers.restore(backup)).toMatchObject({ restored: 1 });
    expect(await servers.to.exists(keys.release, keys.told)).toBe(0);
  });

  it('is none where a publish came in between', async () => {
    await fillCodes(servers.from, 3_000);
    await markRelease(servers.from, '2026-10');
    const host = { redis: servers.reader, store: servers.store, clock: systemClock };
    const first = await runBackup({ ...host, remainingMs: () => 0 }, SETTINGS);
    if (first.status !== 'unfinished') throw new Error('the run should have stopped at a checkpoint');
    await markRelease(servers.from, '2027-01');
    expect(await runBackup(host, SETTINGS, first.checkpoint)).toMatchObject({
      status: 'complete',
      manifest: { keys: 3_000, release: null },
    });
  });
});
