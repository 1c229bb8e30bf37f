import { systemClock } from '../../lambda/names/clock';
import type { Redis } from 'ioredis';
import type { BulkCommand, Refusal } from '../../lambda/redis/bulk-connection';
import type { BulkRedis, BulkSession } from '../../lambda/redis/bulk-session';
import { compareBatch } from '../../lambda/snapshot/compare-batch';
import { dumpKeys } from '../../lambda/snapshot/dump';
import { KeyReader } from '../../lambda/snapshot/key-reader';
import { createPace } from '../../lambda/snapshot/pace';
import type { SnapshotRecord } from '../../lambda/snapshot/record';
import { restoreBatch } from '../../lambda/snapshot/restore-batch';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { TcpProxy } from '../support/tcp-proxy';
import { bulkTo, plainClient } from '../backup/filled-redis';

const pace = createPace(0, systemClock);
let source: RedisServer;
let target: RedisServer;
let from: Redis;
let to: Redis;
let reader: BulkSession;
let writer: BulkSession;

beforeAll(async () => {
  [source, target] = await Promise.all([startRedisServer(), startRedisServer()]);
  from = plainClient(source.connectionString);
  to = plainClient(target.connectionString);
  reader = bulkTo(source.connectionString, { noTouch: true });
  writer = bulkTo(target.connectionString);
});

beforeEach(() => Promise.all([from.flushall(), to.flushall()]));

afterAll(async () => {
  reader.close();
  writer.close();
  from.disconnect();
  to.disconnect();
  await Promise.all([source.stop(), target.stop()]);
});

interface Dumped {
  records: Map<string, SnapshotRecord>;
  leases: number;
  gone: number;
  restarts: number;
}

async function dumpAll(redis: BulkRedis, match: string[] = []): Promise<Dumped> {
  const dumped: Dumped = { records: new Map(), leases: 0, gone: 0, restarts: 0 };
  for await (const batch of dumpKeys(redis, { pace, match })) {
    for (const record of batch.records) dumped.records.set(record.key.toString(), record);
    dumped.leases += batch.leases;
    dumped.gone += batch.gone;
    if (batch.restarted) dumped.restarts += 1;
  }
  return dumped;
}

/** A session that lets something happen before each exchange that holds `command`. */
function interfering(redis: BulkRedis, command: string, deed: () => Promise<unknown>): BulkRedis {
  return {
    get serverId() {
      return redis.serverId;
    },
    get serverVersion() {
      return redis.serverVersion;
    },
    reconnects: 0,
    exchange: async (commands: readonly BulkCommand[], limits) => {
      if (commands.some(([name]) => name === command)) await deed();
      return redis.exchange(commands, limits);
    },
    close: () => undefined,
  };
}

const one = async (): Promise<SnapshotRecord> => [...(await dumpAll(reader)).records.values()][0]!;

describe('reading a database', () => {
  it('takes each key with its absolute expiry, and leaves leases out', async () => {
    await from.set('never', '1');
    await from.set('soon', '2', 'PX', 90_000);
    await from.set('{icd10:A00}:lease', 'token', 'PX', 3_000);
    const { records, leases, gone } = await dumpAll(reader);
    expect([...records.keys()].sort()).toEqual(['never', 'soon']);
    expect({ leases, gone }).toEqual({ leases: 1, gone: 0 });
    expect(records.get('never')!.expiresAt).toBe(0);
    const exact = Number(await from.call('PEXPIRETIME', 'soon'));
    expect(records.get('soon')!.expiresAt).toBe(exact);
  });

  it('counts keys that expire between being found and being read, and makes none of them immortal', async () => {
    await from.set('stays', '1', 'EX', 100);
    await from.set('goes', '2', 'EX', 100);
    const redis = interfering(reader, 'DUMP', () => from.pexpire('goes', 0));
    const { records, gone } = await dumpAll(redis);
    expect([...records.keys()]).toEqual(['stays']);
    expect(gone).toBe(1);
  });

  it.each([
    ['PEXPIRETIME', '7.0.15', -2],
    ['PTTL', '6.2.14', -2],
    ['PTTL', '6.2.14', 0],
  ])(
    'takes a key whose %s (Redis %s) answers %i as gone, never as immortal',
    async (command, version, left) => {
      await from.set('goes', '1', 'EX', 100);
      const redis: BulkRedis = {
        ...interfering(reader, 'none', () => Promise.resolve()),
        serverVersion: version,
        exchange: async (commands) => {
          const { replies, attempts } = await reader.exchange(commands);
          return {
            replies: replies.map((reply, at) => (commands[at]?.[0] === command ? left : reply)),
            attempts,
          };
        },
      };
      const { records, gone } = await dumpAll(redis);
      expect(records.size).toBe(0);
      expect(gone).toBe(1);
    },
  );

  it('takes only keys that match', async () => {
    await from.mset('icd10:A', '1', 'icd10:B', '2', 'cpt:1', '3');
    const { records } = await dumpAll(reader, ['icd10:*']);
    expect([...records.keys()].sort()).toEqual(['icd10:A', 'icd10:B']);
  });

  it('returns every key that was there throughout, while others come and go', async () => {
    const pipeline = from.pipeline();
    for (let at = 0; at < 5_000; at += 1) pipeline.set(`key:${at}`, `${at}`);
    await pipeline.exec();
    let round = 0;
    const redis = interfering(reader, 'SCAN', async () => {
      round += 1;
      const churn = from.pipeline();
      for (let at = 0; at < 3_000; at += 1)
        churn.set(`churn:${round}:${at}`, '1').unlink(`churn:${round - 1}:${at}`);
      await churn.exec();
    });
    const { records } = await dumpAll(redis, ['key:*']);
    expect(records.size).toBe(5_000);
  });

  it('starts over when another server process answers, because its cursors differ', async () => {
    await from.mset(Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`key:${at}`, '1'])));
    let exchanges = 0;
    let serverId = 'first';
    const redis = interfering(reader, 'SCAN', () => {
      if (++exchanges === 2) serverId = 'second';
      return Promise.resolve();
    });
    Object.defineProperty(redis, 'serverId', { get: () => serverId });
    const { records, restarts } = await dumpAll(redis);
    expect(restarts).toBe(1);
    expect(records.size).toBe(3_000);
  });

  it('gives up when each answer comes from another process', async () => {
    await from.mset(Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`key:${at}`, '1'])));
    let exchanges = 0;
    const redis = interfering(reader, 'SCAN', () => Promise.resolve(exchanges++));
    Object.defineProperty(redis, 'serverId', { get: () => String(exchanges) });
    await expect(dumpAll(redis)).rejects.toThrow(/Another server process/);
  });

  it('refuses a cluster, of which one connection sees a part only', async () => {
    const session = bulkTo(`${source.connectionString}?cluster=true`);
    await expect(dumpAll(session)).rejects.toThrow(/do not speak the cluster protocol/);
  });
});

describe('writing records', () => {
  it('keeps what exists, or replaces it, as asked', async () => {
    await from.set('key', 'from the backup', 'EX', 5_000);
    await to.set('key', 'live');
    const record = await one();
    expect(await restoreBatch(writer, [record], { pace, replace: false })).toEqual(['existing']);
    expect(await to.get('key')).toBe('live');
    expect(await restoreBatch(writer, [record], { pace, replace: true })).toEqual(['restored']);
    expect(await to.get('key')).toBe('from the backup');
    expect(await to.pttl('key')).toBeGreaterThan(4_000_000);
  });

  it('brings no expired key back, and deletes no live one for it', async () => {
    await from.set('key', 'old', 'PX', 60_000);
    const record = { ...(await one()), expiresAt: Date.now() - 10_000 };
    expect(await restoreBatch(writer, [record], { pace, replace: false })).toEqual(['expired']);
    expect(await to.exists('key')).toBe(0);
    await to.set('key', 'live');
    expect(await restoreBatch(writer, [record], { pace, replace: true })).toEqual(['expired']);
    expect(await to.get('key')).toBe('live');
  });

  it('deletes no live key for a record that expires on its way to the server', async () => {
    await from.set('key', 'old', 'PX', 60_000);
    await to.set('key', 'live');
    const record = { ...(await one()), expiresAt: Date.now() + 400 };
    const redis = interfering(writer, 'EVAL', () => systemClock.sleep(900));
    expect(await restoreBatch(redis, [record], { pace, replace: true })).toEqual(['expired']);
    expect(await to.get('key')).toBe('live');
  });

  it('with no expiry stay without one, and with one have one', async () => {
    await from.set('never', '1');
    await from.set('later', '1', 'EX', 1_000);
    const records = [...(await dumpAll(reader)).records.values()];
    await restoreBatch(writer, records, { pace, replace: true });
    expect(await to.pttl('never')).toBe(-1);
    expect(await to.pttl('later')).toBeGreaterThan(900_000);
  });

  it('reports what the server refuses, key by key, and writes the others', async () => {
    await from.mset('good', '1', 'bad', '2');
    const { records } = await dumpAll(reader);
    const bad = { ...records.get('bad')!, payload: Buffer.from('not a payload at all') };
    const [good, refused] = await restoreBatch(writer, [records.get('good')!, bad], {
      pace,
      replace: false,
    });
    expect(good).toBe('restored');
    expect((refused as Refusal).message).toMatch(/payload version or checksum/);
    expect(await to.keys('*')).toEqual(['good']);
  });

  it('counts as restored what an attempt wrote whose answer was lost', async () => {
    await from.mset(Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`key:${at}`, `value ${at}`])));
    const records = [...(await dumpAll(reader)).records.values()];
    await to.set('key:7', 'was there before');
    const proxy = await TcpProxy.to(target.port);
    proxy.cut({ of: 'requests', afterBytes: 2_000, times: 1, actedUpon: true });
    const session = bulkTo(proxy.connectionString);
    try {
      const outcomes = await restoreBatch(session, records, { pace, replace: false });
      expect(proxy.cuts).toBe(1);
      expect(session.reconnects).toBe(1);
      expect(outcomes.filter((outcome) => outcome === 'restored')).toHaveLength(199);
      expect(outcomes.filter((outcome) => outcome === 'existing')).toHaveLength(1);
      expect(await to.get('key:7')).toBe('was there before');
    } finally {
      session.close();
      await proxy.close();
    }
  });
});

describe('comparing records with a server', () => {
  it('tells the same from missing, another value and another expiry', async () => {
    await from.mset('same', '1', 'missing', '2', 'value', '3', 'expiry', '4');
    await from.set('drift', '5', 'EX', 1_000);
    await from.set('immortal', '6', 'EX', 1_000);
    const { records } = await dumpAll(reader);
    await restoreBatch(writer, [...records.values()], { pace, replace: true });
    await to.del('missing');
    await to.set('value', 'other');
    await to.expire('expiry', 50);
    await to.expire('drift', 1_100);
    await to.persist('immortal');
    const compare = async (key: string, ttlToleranceMs: number): Promise<string | undefined> =>
      (
        await compareBatch(writer, new KeyReader(writer, pace), [records.get(key)!], { pace, ttlToleranceMs })
      )[0];
    expect(await compare('same', 1_000)).toBe('same');
    expect(await compare('missing', 1_000)).toBe('missing');
    expect(await compare('value', 1_000)).toBe('different-value');
    expect(await compare('expiry', 1_000_000_000)).toBe('different-expiry');
    expect(await compare('drift', 1_000)).toBe('different-expiry');
    expect(await compare('drift', 200_000)).toBe('same');
    expect(await compare('immortal', 1_000_000_000)).toBe('different-expiry');
    expect(await to.keys('medical-codes:*')).toEqual([]);
  });

  it('counts a key whose time has come as expired, not as missing', async () => {
    await from.set('key', '1', 'EX', 100);
    const record = { ...(await one()), expiresAt: Date.now() - 1 };
    expect(
      await compareBatch(writer, new KeyReader(writer, pace), [record], { pace, ttlToleranceMs: 0 }),
    ).toEqual(['expired']);
  });

  it('takes equal values for equal although their bytes differ, as those of hash tables do', async () => {
    const members = Array.from({ length: 3_000 }, (_, at) => `member ${at}`);
    await from.sadd('set', ...members);
    const record = await one();
    await restoreBatch(writer, [record], { pace, replace: false });
    expect((await to.dumpBuffer('set')).equals(record.payload)).toBe(false);
    expect(
      await compareBatch(writer, new KeyReader(writer, pace), [record], { pace, ttlToleranceMs: 0 }),
    ).toEqual(['same']);
  });
});
