import { systemClock } from '../../lambda/names/clock';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type JobHost, type JobOutcome, parseRequest, performJob } from '../../lambda/backup/backup-job';
import { listRuns } from '../../lambda/backup/listed-runs';
import { openBackup } from '../../lambda/backup/open-backup';
import { backupRecords } from '../../lambda/backup/backup-records';
import { parseCheckpoint } from '../../lambda/backup/backup-manifest';
import type { ObjectStore } from '../../lambda/store/object-store';
import type { MetricSink } from '../../lambda/telemetry/emit';
import { silentLog } from '../../lambda/telemetry/logger';
import { startRedisServer } from '../../local/redis-server';
import { WatchedStore } from '../support/watched-store';
import { PREFIX, SETTINGS, TwoServers } from './two-servers';
import { bulkTo, fillCodes } from './filled-redis';

let servers: TwoServers;
let counted: Record<string, number>;

beforeAll(async () => {
  servers = await TwoServers.start();
});
beforeEach(async () => {
  await servers.reset();
  counted = {};
});
afterAll(() => servers.stop());

const metrics: MetricSink = {
  add: (name, _unit, value) => (counted[name] = (counted[name] ?? 0) + value),
  flush: () => undefined,
};

const host = (more: Partial<JobHost> = {}): JobHost => ({
  redis: servers.reader,
  store: servers.store,
  clock: systemClock,
  log: silentLog,
  metrics,
  ...more,
});

/** A process that runs out of time after so many looks at its clock. */
function outOfTimeAfter(looks: number): () => number {
  let left = looks;
  return () => (left-- > 0 ? 900_000 : 1_000);
}

const s3Event = (key: string): unknown => ({
  'detail-type': 'Object Created',
  source: 'aws.s3',
  detail: { bucket: { name: 'dev-medical-codes' }, object: { key, size: 10 } },
});

const files = (run: string): string[] => readdirSync(join(servers.directory, PREFIX, run)).sort();

async function continueUntilDone(first: JobOutcome, looks: number): Promise<number> {
  let outcome = first;
  let invocations = 1;
  while (outcome.status === 'unfinished') {
    expect(invocations).toBeLessThan(50);
    invocations += 1;
    const request = parseRequest(s3Event(outcome.key));
    // Each invocation is a process of its own, with a connection of its own.
    const redis = bulkTo(servers.source.connectionString);
    outcome = await performJob(host({ redis, remainingMs: outOfTimeAfter(looks) }), SETTINGS, request);
    redis.close();
  }
  expect(outcome.status).toBe('complete');
  return invocations;
}

describe('the backup function', () => {
  it('counts a success with its keys, bytes and duration', async () => {
    await fillCodes(servers.from, 500);
    const outcome = await performJob(host(), SETTINGS, parseRequest({ 'detail-type': 'Scheduled Event' }));
    const { manifest } = await openBackup(servers.store, PREFIX);
    expect(outcome).toMatchObject({ status: 'complete' });
    expect(counted).toEqual({
      BackupSucceeded: 1,
      BackupKeys: 500,
      BackupBytes: manifest.parts[0]!.bytes,
      BackupDuration: Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt),
    });
    expect(manifest.retainUntil).toBe(
      new Date(Date.parse(manifest.startedAt) + 7 * 86_400_000).toISOString(),
    );
  });

  it('goes on from its checkpoint, over several invocations, and misses no key', async () => {
    await fillCodes(servers.from, 20_000);
    const first = await performJob(host({ remainingMs: outOfTimeAfter(5) }), SETTINGS, { kind: 'start' });
    expect(first.status).toBe('unfinished');
    expect(counted).toEqual({});
    expect((await listRuns(servers.store, PREFIX)).map((run) => run.complete)).toEqual([false]);
    const invocations = await continueUntilDone(first, 5);
    expect(invocations).toBeGreaterThan(2);
    const backup = await openBackup(servers.store, PREFIX);
    expect(backup.manifest.scan).toMatchObject({ invocations, restarts: 0 });
    const keys = new Set<string>();
    for await (const record of backupRecords(servers.store, backup)) keys.add(record.key.toString());
    expect(keys.size).toBe(20_000);
    expect(files(backup.run)).not.toContain('checkpoint.json');
    expect(counted).toMatchObject({ BackupSucceeded: 1, BackupKeys: backup.manifest.keys });
  });

  it('starts the scan over when it goes on with another server process, and still misses no key', async () => {
    await fillCodes(servers.from, 5_000);
    const first = await performJob(host({ remainingMs: outOfTimeAfter(1) }), SETTINGS, { kind: 'start' });
    const other = await startRedisServer();
    const redis = bulkTo(other.connectionString);
    try {
      const seed = await servers.backUp();
      await servers.restore(seed, {}, redis);
      await servers.store.delete(`${seed.folder}manifest.json`);
      const request = parseRequest({ checkpoint: first.status === 'unfinished' ? first.key : '' });
      expect(await performJob(host({ redis }), SETTINGS, request)).toMatchObject({ status: 'complete' });
      const backup = await openBackup(servers.store, PREFIX);
      expect(backup.manifest.scan.restarts).toBe(1);
      const keys = new Set<string>();
      for await (const record of backupRecords(servers.store, backup)) keys.add(record.key.toString());
      expect(keys.size).toBe(5_000);
    } finally {
      redis.close();
      await other.stop();
    }
  });

  it('does nothing for an event of a run that is over, however often it comes', async () => {
    await fillCodes(servers.from, 3_000);
    const first = await performJob(host({ remainingMs: outOfTimeAfter(1) }), SETTINGS, { kind: 'start' });
    await continueUntilDone(first, 1_000);
    const event = parseRequest(s3Event(first.status === 'unfinished' ? first.key : ''));
    const before = { ...counted };
    expect(await performJob(host(), SETTINGS, event)).toEqual({ status: 'nothing' });
    expect(counted).toEqual(before);
    expect(await listRuns(servers.store, PREFIX)).toHaveLength(1);
  });

  it('counts a failure, removes all it had stored, and leaves no manifest', async () => {
    await fillCodes(servers.from, 20_000);
    const { store } = servers;
    let uploads = 0;
    const failing: ObjectStore = Object.assign(new WatchedStore(store), {
      putStream: async (...[key, body, options]: Parameters<ObjectStore['putStream']>): Promise<void> => {
        uploads += 1;
        if (uploads < 3) return store.putStream(key, body, options);
        for await (const _chunk of body) throw new Error('the bucket said no');
      },
    });
    const failed = performJob(
      host({ store: failing }),
      { ...SETTINGS, partBytes: 300_000 },
      { kind: 'start' },
    );
    await expect(failed).rejects.toThrow('the bucket said no');
    expect(uploads).toBe(3);
    expect(counted).toEqual({ BackupFailed: 1 });
    expect(await listRuns(store, PREFIX)).toEqual([]);
  });

  it('counts a failure when Redis cannot be reached', async () => {
    const gone = await startRedisServer();
    await gone.stop();
    const redis = bulkTo(gone.connectionString, { patienceMs: 500 });
    await expect(performJob(host({ redis }), SETTINGS, { kind: 'start' })).rejects.toThrow(/refused/);
    expect(counted).toEqual({ BackupFailed: 1 });
  });

  it('that fails after a checkpoint removes the whole run, and is not revived by the event', async () => {
    await fillCodes(servers.from, 5_000);
    const first = await performJob(host({ remainingMs: outOfTimeAfter(1) }), SETTINGS, { kind: 'start' });
    const request = parseRequest(s3Event(first.status === 'unfinished' ? first.key : ''));
    const gone = await startRedisServer();
    await gone.stop();
    const redis = bulkTo(gone.connectionString, { patienceMs: 300 });
    await expect(performJob(host({ redis }), SETTINGS, request)).rejects.toThrow();
    expect(await listRuns(servers.store, PREFIX)).toEqual([]);
    expect(await performJob(host(), SETTINGS, request)).toEqual({ status: 'nothing' });
  });

  it('gives up on a run that never ends, and on a checkpoint outside its prefix', async () => {
    await fillCodes(servers.from, 3_000);
    const first = await performJob(host({ remainingMs: outOfTimeAfter(1) }), SETTINGS, { kind: 'start' });
    const key = first.status === 'unfinished' ? first.key : '';
    const checkpoint = parseCheckpoint(key, (await servers.store.get(key))!);
    checkpoint.scan.invocations = 96;
    await servers.store.put(key, Buffer.from(JSON.stringify(checkpoint)));
    await expect(performJob(host(), SETTINGS, parseRequest(s3Event(key)))).rejects.toThrow(
      /not done after 96/,
    );
    expect(await listRuns(servers.store, PREFIX)).toEqual([]);
    const foreign = parseRequest(s3Event('catalog/current.json'));
    await expect(performJob(host(), SETTINGS, foreign)).rejects.toThrow(/no checkpoint below/);
    expect(counted).toEqual({ BackupFailed: 2 });
  });

  it('keeps to its share of operations', async () => {
    await fillCodes(servers.from, 150);
    const slept: number[] = [];
    let now = Date.now();
    const clock = {
      now: () => now,
      sleep: (ms: number): Promise<void> => {
        slept.push(ms);
        now += ms;
        return Promise.resolve();
      },
    };
    await performJob(host({ clock }), { ...SETTINGS, opsPerSecond: 25 }, { kind: 'start' });
    const seconds = slept.reduce((sum, ms) => sum + ms, 0) / 1_000;
    // DUMP and PTTL of 150 keys, and some SCAN and TIME.
    expect(seconds).toBeGreaterThan(300 / 25 - 2);
    expect(counted.BackupKeys).toBe(150);
  });
});
