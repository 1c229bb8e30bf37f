import { systemClock } from '../../lambda/names/clock';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { compareAll } from '../../lambda/backup/compare-all';
import { listRuns } from '../../lambda/backup/listed-runs';
import { openBackup } from '../../lambda/backup/open-backup';
import { openStore } from '../../lambda/store/open-store';
import { backupRecords } from '../../lambda/backup/backup-records';
import { assertRestorable } from '../../lambda/backup/restorable';
import { restoreAll } from '../../lambda/backup/restore-all';
import { type BackupSettings, runBackup } from '../../lambda/backup/backup-run';
import type { ObjectStore } from '../../lambda/store/object-store';
import { verifyBackup } from '../../lambda/backup/verify-backup';
import type { BulkSession } from '../../lambda/redis/bulk-session';
import { createPace } from '../../lambda/snapshot/pace';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { bulkTo, fillCodes, fillEveryType, plainClient } from './filled-redis';

const PREFIX = 'backups/redis/dev/';
const SETTINGS: BackupSettings = { environment: 'dev', prefix: PREFIX, opsPerSecond: 0, retentionDays: 7 };
const pace = createPace(0, systemClock);

let source: RedisServer;
let target: RedisServer;
let from: Redis;
let to: Redis;
let reader: BulkSession;
let writer: BulkSession;
let directory: string;
let store: ObjectStore;

beforeAll(async () => {
  [source, target] = await Promise.all([startRedisServer(), startRedisServer()]);
  from = plainClient(source.connectionString);
  to = plainClient(target.connectionString);
  reader = bulkTo(source.connectionString, { noTouch: true });
  writer = bulkTo(target.connectionString);
});

beforeEach(async () => {
  await Promise.all([from.flushall(), to.flushall()]);
  directory = mkdtempSync(join(tmpdir(), 'medical-codes-backup-'));
  store = openStore(`file:${directory}`);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

afterAll(async () => {
  reader.close();
  writer.close();
  from.disconnect();
  to.disconnect();
  await Promise.all([source.stop(), target.stop()]);
});

const backUp = (settings: Partial<BackupSettings> = {}): ReturnType<typeof runBackup> =>
  runBackup({ redis: reader, store, clock: systemClock }, { ...SETTINGS, ...settings });

describe('a backup', () => {
  it('brings every type of value, binary keys and values among them, to another Redis unchanged', async () => {
    const keys = await fillEveryType(from);
    await backUp();
    const backup = await openBackup(store, PREFIX);
    expect(backup.manifest).toMatchObject({
      keys,
      environment: 'dev',
      redis: { version: expect.any(String) },
    });

    await assertRestorable(writer, backup.manifest.redis.rdbVersion);
    const restored = await restoreAll(
      writer,
      backupRecords(store, backup),
      backup.manifest.redis.rdbVersion,
      { replace: false, pace },
    );
    expect(restored).toMatchObject({ restored: keys, existing: 0, expired: 0, failed: 0, failures: [] });
    const compared = await compareAll(writer, backupRecords(store, backup), { pace, ttlToleranceMs: 1_000 });
    expect(compared).toMatchObject({ same: keys, missing: 0, differentValue: 0, differentExpiry: 0 });
    expect(await to.hgetall('hash:large')).toEqual(await from.hgetall('hash:large'));
    expect((await to.smembers('set:large')).sort()).toEqual((await from.smembers('set:large')).sort());
    expect(await to.getBuffer('')).toEqual(Buffer.from('the empty key'));
  });

  it('of 25,000 keys comes in several parts, verifies, and lists as complete', async () => {
    await fillCodes(from, 25_000);
    await backUp({ partBytes: 512 * 1024 });
    const backup = await openBackup(store, PREFIX);
    expect(backup.manifest.keys).toBe(25_000);
    expect(backup.manifest.parts.length).toBeGreaterThan(2);
    expect(await verifyBackup(store, backup)).toMatchObject({ keys: 25_000, problems: [] });
    const files = readdirSync(join(directory, backup.folder)).sort();
    expect(files).toEqual(['manifest.json', ...backup.manifest.parts.map((part) => part.name)]);
    expect(files[1]).toBe('part-00001.rdump.zst');
    expect(await listRuns(store, PREFIX)).toMatchObject([{ run: backup.run, complete: true }]);
    const report = await restoreAll(writer, backupRecords(store, backup), backup.manifest.redis.rdbVersion, {
      replace: false,
      pace,
    });
    expect(report.restored).toBe(25_000);
    expect(await to.dbsize()).toBe(25_000);
  });
});
