import { Cluster } from 'ioredis';
import { Invalidation } from '../../lambda/cache/invalidate';
import { keys } from '../../lambda/names/keys';
import { RELEASE_CHECK_MS } from '../../lambda/names/ttl';
import { RedisConnection } from '../../lambda/redis/connection';
import { TIMEOUTS } from '../../lambda/redis/options';
import { constantSource } from '../../lambda/redis/source';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster';
import { eventually, FakeCatalog, HandClock, Process } from './support';

const wanted = Array.from({ length: 60 }, (_, index) => `icd10:S82.${index}`);

describe('the cache on a cluster', () => {
  let cluster: RedisCluster;
  let admin: RedisConnection;
  const processes: Process[] = [];
  const start = (catalog: FakeCatalog, host = {}, timeouts = PATIENT_TIMEOUTS): Process => {
    const started = new Process(cluster.connectionString, catalog, host, timeouts);
    processes.push(started);
    return started;
  };
  const ttl = (key: string): Promise<number> => admin.run((client) => client.ttl(key));

  beforeAll(async () => {
    cluster = await startRedisCluster();
    admin = new RedisConnection(constantSource(cluster.connectionString), { timeouts: PATIENT_TIMEOUTS });
  }, 60_000);
  beforeEach(async () => {
    const client = await admin.client();
    if (!(client instanceof Cluster)) throw new Error('no cluster client');
    await client.ping();
    await Promise.all(client.nodes('master').map((node) => node.flushall()));
  });
  afterEach(() => processes.splice(0).forEach((each) => each.close()));
  afterAll(async () => {
    admin.close();
    await cluster.stop();
  });

  it('holds the same keys with the same TTLs', async () => {
    const catalog = new FakeCatalog();
    catalog.unknown.add('icd10:Z99.99');
    const { cache, telemetry } = start(catalog);
    expect((await cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('miss');
    await cache.get(catalog.entry('icd10:Z99.99'));
    expect(await ttl('icd10:Z00.00')).toBe(3600);
    expect(await ttl('icd10:Z99.99')).toBe(60);
    expect(await admin.run((client) => client.exists(keys.lease('icd10:Z00.00')))).toBe(0);
    expect((await start(catalog).cache.get(catalog.entry('icd10:Z00.00'))).outcome).toBe('redis');
    expect(telemetry.problems).toEqual([]);
    expect(catalog.loads).toBe(2);
  });

  it('answers batches over all nodes with one read of the catalog, and counts uses', async () => {
    const catalog = new FakeCatalog();
    const here = start(catalog);
    const entries = wanted.map((key) => catalog.entry(key));
    const counts = wanted.map((member) => ({ key: keys.usage('demo'), member, by: 1 }));
    for (const count of counts) here.cache.count(count);
    await here.cache.getMany(entries, catalog.loadMany);
    const there = start(catalog);
    const answers = await there.cache.getMany(entries, catalog.loadMany);
    expect(answers.map(({ value, outcome }) => [value?.name, outcome])).toEqual(
      wanted.map((key) => [key, 'redis']),
    );
    expect(catalog.loads).toBe(1);
    expect(await admin.run((client) => client.zcard(keys.usage('demo')))).toBe(wanted.length);
  });

  it('costs one read of the catalog for one key missed by many at once', async () => {
    const catalog = new FakeCatalog();
    catalog.pause = () => new Promise((resolve) => setTimeout(resolve, 30));
    const fleet = [start(catalog), start(catalog), start(catalog)];
    await Promise.all(fleet.map(({ cache }) => cache.lookForRelease()));
    await Promise.all(
      fleet.flatMap(({ cache }) =>
        Array.from({ length: 20 }, () => cache.get(catalog.entry('icd10:Z00.00'))),
      ),
    );
    expect(catalog.loads).toBe(1);
  });

  it('removes published keys wherever they are, and refuses writes from before', async () => {
    const catalog = new FakeCatalog();
    const clock = new HandClock(Date.now());
    const { cache } = start(catalog, { clock });
    const entries = wanted.map((key) => catalog.entry(key));
    await cache.getMany(entries, catalog.loadMany);
    const late = start(catalog);
    let finish = (): void => undefined;
    catalog.pause = () => new Promise((resolve) => (finish = resolve));
    const reading = late.cache.get(catalog.entry('icd10:Z00.00'));
    await eventually(() => catalog.loads === 2, 'the load from r1');
    const loadedR1 = finish;
    catalog.pause = () => Promise.resolve();
    catalog.live = 'r2';
    const invalidation = new Invalidation(admin, 'test', { clock: new HandClock(Date.now()) });
    const { pointer } = catalog;
    await invalidation.announce(pointer, catalog.stillLive(pointer.stamp));
    expect(await invalidation.remove([...wanted, 'icd10:Z00.00'])).toBe(wanted.length);
    await invalidation.finish(pointer, catalog.stillLive(pointer.stamp));
    await invalidation.grace();
    loadedR1();
    expect((await reading).value?.release).toBe('r2');
    clock.time += RELEASE_CHECK_MS;
    const answers = await cache.getMany(entries, catalog.loadMany);
    expect(new Set(answers.map(({ value }) => value?.release))).toEqual(new Set(['r2']));
  });

  it('answers while a node is gone', async () => {
    const catalog = new FakeCatalog();
    const { cache } = start(catalog, {}, TIMEOUTS);
    await cache.lookForRelease();
    process.kill(cluster.servers[1]!.pid, 'SIGSTOP');
    try {
      for (const key of wanted.slice(0, 12)) {
        expect((await cache.get(catalog.entry(key))).value?.name).toBe(key);
      }
    } finally {
      process.kill(cluster.servers[1]!.pid, 'SIGCONT');
    }
  });
});
