import type { Redis } from 'ioredis';
import { RELEASE_GUARD } from '../../lambda/backup/release-rule';
import { encodeFrame } from '../../lambda/cache/frames';
import { Invalidation } from '../../lambda/cache/invalidate';
import { lookAtMark, writeMark } from '../../lambda/cache/release-mark';
import { systemClock } from '../../lambda/names/clock';
import { keys } from '../../lambda/names/keys';
import type { BulkCommand } from '../../lambda/redis/bulk-connection';
import type { BulkRedis, BulkSession } from '../../lambda/redis/bulk-session';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { dumpKeys } from '../../lambda/snapshot/dump';
import type { SnapshotRecord } from '../../lambda/snapshot/record';
import { restoreBatch } from '../../lambda/snapshot/restore-batch';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { runCodes } from '../support/codes-cli';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { startShardedRedis } from '../support/redis-cluster';
import { TcpProxy } from '../support/tcp-proxy';
import { bulkTo, plainClient } from './filled-redis';
import { unpaced as pace } from './two-servers';

const FORMER = { release: '2025', stamp: 11, recent: [11], editions: {} };
const LATER = { release: '2026', stamp: 12, recent: [12, 11], editions: {} };
const CHANGED = 'icd10:A00.0';
const UNCHANGED = 'icd10:A00.1';

let source: RedisServer;
let target: RedisServer;
let from: Redis;
let to: Redis;
let reader: BulkSession;
let writer: BulkSession;
let operator: RedisConnection;

beforeAll(async () => {
  [source, target] = await Promise.all([startRedisServer(), startShardedRedis()]);
  from = plainClient(source.connectionString);
  to = plainClient(target.connectionString);
  reader = bulkTo(source.connectionString);
  // The operator's publish speaks the cluster protocol: what the proxy would split for it, this server refuses.
  operator = new RedisConnection(constantSource(`${target.connectionString}?cluster=true`), {
    timeouts: PATIENT_TIMEOUTS,
  });
});

beforeEach(async () => {
  await Promise.all([from.flushall(), to.flushall()]);
  writer = bulkTo(target.connectionString);
});

afterEach(() => writer.close());

afterAll(async () => {
  reader.close();
  operator.close();
  from.disconnect();
  to.disconnect();
  await Promise.all([source.stop(), target.stop()]);
});

async function put(client: Redis, key: string, { stamp }: { stamp: number }, seconds = 3_600): Promise<void> {
  const expiresAt = Date.now() + seconds * 1_000;
  await client.set(key, encodeFrame(key, { key, of: stamp }, { expiresAt, stamp }), 'PXAT', expiresAt);
}

async function mark(live: typeof FORMER): Promise<void> {
  await writeMark(to, await lookAtMark(to), live, Date.now(), true);
}

/** The values of release 2025, as a backup has them. */
async function formerRecords(): Promise<SnapshotRecord[]> {
  for (const key of [CHANGED, UNCHANGED]) await put(from, key, FORMER);
  const records: SnapshotRecord[] = [];
  for await (const batch of dumpKeys(reader, { pace })) records.push(...batch.records);
  return records.sort((one, other) => Buffer.compare(one.key, other.key));
}

async function publishLater(): Promise<void> {
  const publish = new Invalidation(operator, 'test', { opsPerSecond: 0 });
  const stillLive = (): Promise<boolean> => Promise.resolve(true);
  expect(await publish.announce(LATER, stillLive)).toBe(true);
  await publish.remove([CHANGED]);
  expect(await publish.finish(LATER, stillLive)).toBe(true);
}

/** The session to the target; something happens before its exchange of that number, from 1 on. */
function before(number: number, deed: () => Promise<unknown>): { redis: BulkRedis; exchanges: () => number } {
  let exchanges = 0;
  return {
    exchanges: () => exchanges,
    redis: {
      get serverId() {
        return writer.serverId;
      },
      get serverVersion() {
        return writer.serverVersion;
      },
      reconnects: 0,
      exchange: async (commands: readonly BulkCommand[], limits) => {
        exchanges += 1;
        if (exchanges === number) await deed();
        return writer.exchange(commands, limits);
      },
      close: () => undefined,
    },
  };
}

const restore = (redis: BulkRedis, records: readonly SnapshotRecord[]): ReturnType<typeof restoreBatch> =>
  restoreBatch(redis, records, { pace, replace: true, guard: RELEASE_GUARD });

describe('a restore into Redis whose keys lie in several shards', () => {
  it('brings the values of the live release in, and of another none', async () => {
    await mark(LATER);
    const [former] = await formerRecords();
    await put(from, 'cpt:99213', LATER);
    await from.set('stranger', 'of no release');
    const run = await runCodes(['migrate', '--from', 'env:A', '--to', 'env:B', '--yes', '--json'], {
      env: { A: source.connectionString, B: target.connectionString },
    });
    expect(JSON.parse(run.stdout)).toMatchObject({
      restore: { restored: 2, failed: 0, leftOut: { 'of another release than the live one': 2 } },
      comparison: { same: 2, missing: 0 },
    });
    expect(run.exitCode).toBe(0);
    expect(await to.getBuffer('cpt:99213')).toEqual(await from.getBuffer('cpt:99213'));
    expect(await to.pexpiretime('cpt:99213')).toBe(await from.pexpiretime('cpt:99213'));
    expect(await to.exists(former!.key)).toBe(0);
    expect(await to.keys('*:lease')).toEqual([]);
  });

  it.each([
    ['the server’s clock is asked', 1],
    ['the scripts are refused', 2],
    ['the leases are taken', 3],
    ['the look at the release', 4],
    ['the write', 5],
  ])('lets nothing come back that a publish removed before %s', async (_when, number) => {
    await mark(FORMER);
    await put(to, CHANGED, FORMER);
    const records = await formerRecords();
    const { redis, exchanges } = before(number, publishLater);
    const [changed, unchanged] = await restore(redis, records);
    expect(exchanges()).toBeGreaterThanOrEqual(5);
    expect(changed).toBe('other-release');
    expect(await to.exists(CHANGED)).toBe(0);
    // Its lease was left alone, for what it writes is right in both.
    expect(unchanged).toBe(number === 5 ? 'restored' : 'other-release');
    expect(await to.keys('*:lease')).toEqual([]);
  });

  it('goes by the release that the target was told of, where it names none', async () => {
    await mark(FORMER);
    await to.unlink(keys.release);
    const records = await formerRecords();
    expect(await restore(writer, records)).toEqual(['restored', 'restored']);
    await to.set(keys.told, '12');
    expect(await restore(writer, records)).toEqual(['unnamed-release', 'unnamed-release']);
  });

  it('leaves existing values alone unless they are to be replaced', async () => {
    await mark(FORMER);
    const records = await formerRecords();
    await put(to, CHANGED, FORMER, 1_000);
    const kept = await to.getBuffer(CHANGED);
    const options = { pace, replace: false, guard: RELEASE_GUARD };
    expect(await restoreBatch(writer, records, options)).toEqual(['existing', 'restored']);
    expect(await to.getBuffer(CHANGED)).toEqual(kept);
    expect(await restore(writer, records)).toEqual(['restored', 'restored']);
    expect(await to.getBuffer(CHANGED)).toEqual(await from.getBuffer(CHANGED));
  });

  it('brings no value back that expires on its way, and deletes no live one for it', async () => {
    await mark(FORMER);
    const [record] = await formerRecords();
    await put(to, CHANGED, FORMER);
    const live = await to.getBuffer(CHANGED);
    const expiresAt = Date.now() + 400;
    const { redis, exchanges } = before(5, () => systemClock.sleep(expiresAt + 100 - Date.now()));
    expect(await restore(redis, [{ ...record!, expiresAt }])).toEqual(['expired']);
    expect(exchanges()).toBe(5);
    expect(await to.getBuffer(CHANGED)).toEqual(live);
  });

  it('tries again where a lease was lost, and says so where it is lost each time', async () => {
    await mark(FORMER);
    const records = await formerRecords();
    const lose = (): Promise<unknown> => to.unlink(keys.lease(CHANGED));
    expect(await restore(before(5, lose).redis, records)).toEqual(['restored', 'restored']);
    const always: BulkRedis = {
      ...before(0, lose).redis,
      exchange: async (commands) => {
        if (commands[0]?.[0] === 'EVAL') await lose();
        return writer.exchange(commands);
      },
    };
    const [lost, written] = await restore(always, records);
    expect(lost).toMatchObject({ message: expect.stringMatching(/lease was lost 5 times/) });
    expect(written).toBe('restored');
  });

  it('counts as restored what an attempt wrote whose answer was lost', async () => {
    await mark(FORMER);
    const keysOf = Array.from({ length: 100 }, (_, at) => `icd10:S82.${at}`);
    for (const key of keysOf) await put(from, key, FORMER);
    const records = await formerRecords();
    const proxy = await TcpProxy.to(target.port);
    const session = bulkTo(proxy.connectionString);
    try {
      await session.connect();
      let exchanges = 0;
      const redis: BulkRedis = {
        ...before(0, () => Promise.resolve()).redis,
        exchange: async (commands) => {
          exchanges += 1;
          if (exchanges === 5) proxy.cut({ of: 'requests', afterBytes: 30_000, times: 1, actedUpon: true });
          return session.exchange(commands);
        },
      };
      const outcomes = await restoreBatch(redis, records, { pace, replace: false, guard: RELEASE_GUARD });
      expect(new Set(outcomes)).toEqual(new Set(['restored']));
      expect(session.reconnects).toBe(proxy.cuts);
      expect(await to.dbsize()).toBe(records.length + 2);
    } finally {
      session.close();
      await proxy.close();
    }
  });
});
