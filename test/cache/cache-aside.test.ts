import { Redis } from 'ioredis';
import { keys } from '../../lambda/names/keys';
import { TTL } from '../../lambda/names/ttl';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { SourceUnavailable } from '../../lambda/names/errors';
import { parseMark } from '../../lambda/cache/release-mark';
import { eventually, FakeCatalog, HandClock, Process } from './support';

describe('a read through the cache', () => {
  let server: RedisServer;
  let admin: Redis;
  const processes: Process[] = [];
  const start = (catalog: FakeCatalog, host = {}): Process => {
    const started = new Process(server.connectionString, catalog, host);
    processes.push(started);
    return started;
  };

  beforeAll(async () => {
    server = await startRedisServer();
    admin = new Redis(server.connectionString);
  });
  beforeEach(() => admin.flushall());
  afterEach(() => processes.splice(0).forEach((each) => each.close()));
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  it('goes to the catalog once, then to memory, and from another process to Redis', async () => {
    const catalog = new FakeCatalog();
    const here = start(catalog);
    const there = start(catalog);
    const first = await here.cache.get(catalog.entry('icd10:Z00.00'));
    expect(first).toEqual({ value: { name: 'icd10:Z00.00', release: 'r1' }, outcome: 'miss', release: 'r1' });
    expect((await here.cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('memory');
    expect((await there.cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('redis');
    expect((await there.cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('memory');
    expect(catalog.loads).toBe(1);
    expect(catalog.pointerReads).toBe(1);
    expect(here.telemetry.outcomes).toEqual(['miss', 'memory']);
    expect(there.telemetry.outcomes).toEqual(['redis', 'memory']);
    expect(here.telemetry.sourceReads).toBe(1);
  });

  it('writes the value with exactly its TTL and leaves no lease behind', async () => {
    const catalog = new FakeCatalog();
    const { cache } = start(catalog);
    await cache.get(catalog.entry('icd10:Z00.00', TTL.code));
    await cache.get(catalog.entry('hot:codes:demo', TTL.hotCodes));
    expect((await admin.keys('*')).sort()).toEqual(['catalog:release', 'hot:codes:demo', 'icd10:Z00.00']);
    expect(await admin.ttl('icd10:Z00.00')).toBe(3600);
    expect(await admin.ttl('hot:codes:demo')).toBe(7200);
    expect(parseMark(await admin.getBuffer(keys.release), Date.now())).toMatchObject({
      release: 'r1',
      told: false,
    });
    expect(await admin.ttl(keys.release)).toBe(60);
  });

  it('remembers an unknown code for 60 s', async () => {
    const catalog = new FakeCatalog();
    catalog.unknown.add('icd10:Z99.99');
    const { cache } = start(catalog);
    const first = await cache.get(catalog.entry('icd10:Z99.99'));
    expect(first).toEqual({ value: undefined, outcome: 'miss', release: 'r1' });
    expect(await admin.ttl('icd10:Z99.99')).toBe(60);
    const other = start(catalog);
    expect(await other.cache.get(catalog.entry('icd10:Z99.99'))).toMatchObject({
      value: undefined,
      outcome: 'redis',
    });
    expect(catalog.loads).toBe(1);
  });

  it('keeps a value in memory for 60 s, and never longer than Redis does', async () => {
    const clock = new HandClock(Date.now());
    const catalog = new FakeCatalog();
    const { cache } = start(catalog, { clock });
    const long = catalog.entry('icd10:Z00.00');
    const short = catalog.entry('icd10:Z00.01', 20);
    await start(catalog).cache.get(long);
    await start(catalog).cache.get(short);
    await cache.get(long);
    await cache.get(short);
    clock.time += 18_000;
    expect((await cache.get(short)).outcome).toBe('memory');
    clock.time += 2_001;
    // Redis still has it, by a clock of its own; the value itself knows better.
    expect((await cache.get(short)).outcome).toBe('miss');
    clock.time += 35_000;
    expect((await cache.get(long)).outcome).toBe('memory');
    clock.time += 5_100;
    expect((await cache.get(long)).outcome).toBe('redis');
  });

  it('is one read when many in a process ask for one key at a time', async () => {
    const catalog = new FakeCatalog();
    const { cache, telemetry } = start(catalog);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => cache.get(catalog.entry('icd10:Z00.00'))),
    );
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['miss']));
    expect(catalog.loads).toBe(1);
    expect(telemetry.outcomes).toHaveLength(50);
  });

  it.each([
    ['garbage', async (key: string) => admin.set(key, 'garbage')],
    ['a flipped bit', async (key: string) => admin.set(key, Buffer.from([2, 9, 9, 9, 9, 1, 2, 3]))],
    ['a value of another shape', async (key: string) => admin.set(key, '{"not":"a thing"}')],
    ['another Redis type', async (key: string) => admin.rpush(key, 'x')],
  ])('takes %s in Redis for a miss, counts it and overwrites it', async (_name, damage) => {
    const catalog = new FakeCatalog();
    const { cache, telemetry } = start(catalog);
    await damage('icd10:Z00.00');
    const answer = await cache.get(catalog.entry('icd10:Z00.00'));
    expect(answer).toMatchObject({ value: { name: 'icd10:Z00.00' }, outcome: 'miss' });
    expect(telemetry.problems).toContain('undecodable');
    expect((await start(catalog).cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('redis');
    expect(await admin.ttl('icd10:Z00.00')).toBe(3600);
    expect(catalog.loads).toBe(1);
  });

  it('waits for another loader, then takes its value', async () => {
    const catalog = new FakeCatalog();
    const slow = start(catalog);
    const waiting = start(catalog);
    let finish = (): void => undefined;
    catalog.pause = () => new Promise((resolve) => (finish = resolve));
    const first = slow.cache.get(catalog.entry('icd10:Z00.00'));
    await eventually(() => catalog.loads === 1, 'the first load');
    const second = waiting.cache.get(catalog.entry('icd10:Z00.00'));
    await eventually(() => waiting.telemetry.roundTrips.length > 3, 'some looks at the key');
    finish();
    expect((await first).outcome).toBe('miss');
    expect(await second).toMatchObject({ value: { release: 'r1' }, outcome: 'miss' });
    expect(catalog.loads).toBe(1);
  });

  it('takes over when a loader died with its lease', async () => {
    const catalog = new FakeCatalog();
    await admin.set(keys.lease('icd10:Z00.00'), 'of the dead', 'PX', 400);
    const { cache } = start(catalog);
    const answer = await cache.get(catalog.entry('icd10:Z00.00'));
    expect(answer.outcome).toBe('miss');
    expect(await admin.ttl('icd10:Z00.00')).toBe(3600);
    expect(await admin.exists(keys.lease('icd10:Z00.00'))).toBe(0);
  });

  it('stops waiting for a loader that never ends, and leaves the key to it', async () => {
    const catalog = new FakeCatalog();
    const clock = new HandClock(Date.now());
    await admin.set(keys.lease('icd10:Z00.00'), 'of somebody slow', 'EX', TTL.lease);
    const { cache } = start(catalog, { clock });
    const since = clock.time;
    expect((await cache.get(catalog.entry('icd10:Z00.00'))).value?.release).toBe('r1');
    expect(clock.time - since).toBeGreaterThanOrEqual(TTL.lease * 1_000);
    expect(await admin.exists('icd10:Z00.00')).toBe(0);
  });

  it('gives its lease back when the catalog fails, so that the next reader need not wait', async () => {
    const catalog = new FakeCatalog();
    const { cache, telemetry } = start(catalog);
    await cache.lookForRelease();
    catalog.down = true;
    await expect(cache.get(catalog.entry('icd10:Z00.00'))).rejects.toThrow(SourceUnavailable);
    expect(telemetry.sourceErrors).toBe(1);
    expect(await admin.exists(keys.lease('icd10:Z00.00'))).toBe(0);
    catalog.down = false;
    expect((await cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('miss');
  });

  it('answers with an expired value from memory when the catalog is gone too', async () => {
    const clock = new HandClock(Date.now());
    const catalog = new FakeCatalog();
    const { cache, telemetry } = start(catalog, { clock });
    await cache.get(catalog.entry('icd10:Z00.00'));
    await admin.flushall();
    catalog.down = true;
    clock.time += 3_700_000;
    expect(await cache.get(catalog.entry('icd10:Z00.00'))).toEqual({
      value: { name: 'icd10:Z00.00', release: 'r1' },
      outcome: 'stale',
      release: 'r1',
    });
    expect(telemetry.outcomes).toEqual(['miss', 'stale']);
    await expect(cache.get(catalog.entry('icd10:Z00.01'))).rejects.toThrow(SourceUnavailable);
  });

  it('still serves what Redis holds while the catalog is gone, even to a new process', async () => {
    const catalog = new FakeCatalog();
    await start(catalog).cache.get(catalog.entry('icd10:Z00.00'));
    await admin.del(keys.release);
    catalog.down = true;
    const { cache } = start(catalog);
    expect(await cache.get(catalog.entry('icd10:Z00.00'))).toMatchObject({
      value: { release: 'r1' },
      outcome: 'redis',
      release: 'unknown',
    });
  });

  it('does without a shared cache where none is configured', async () => {
    const catalog = new FakeCatalog();
    const { cache } = start(catalog, { redis: undefined });
    expect((await cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('bypass');
    expect((await cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('memory');
    await cache.flush();
    expect(await admin.dbsize()).toBe(0);
  });

  it('answers past a Redis that takes no writes, and counts its refusals', async () => {
    const catalog = new FakeCatalog();
    const { cache, telemetry } = start(catalog);
    await cache.lookForRelease();
    await admin.config('SET', 'maxmemory', '1');
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    try {
      expect((await cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('bypass');
      expect(telemetry.problems).toEqual(['refused']);
    } finally {
      await admin.config('SET', 'maxmemory', '0');
      await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    }
  });
});
