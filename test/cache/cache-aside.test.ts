import { Redis } from 'ioredis';
import { keys } from '../../lambda/cache/keys';
import { TTL } from '../../lambda/cache/ttl';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { FakeCatalog, Process } from './support';

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
    expect(await admin.get(keys.release)).toBe('r1');
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
});
