import { Redis } from 'ioredis';
import { systemClock } from '../../lambda/names/clock';
import { Invalidation } from '../../lambda/cache/invalidate';
import { keys } from '../../lambda/names/keys';
import { RELEASE_CHECK_MS } from '../../lambda/names/ttl';
import { RedisConnection } from '../../lambda/redis/connection';
import { RedisUnavailable } from '../../lambda/redis/failures';
import { constantSource } from '../../lambda/redis/source';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually, FakeCatalog, HandClock, Process } from './support';

const KEY = 'icd10:Z00.00';

describe('publishing over a warm cache', () => {
  let server: RedisServer;
  let admin: Redis;
  let publisher: RedisConnection;
  let catalog: FakeCatalog;
  const processes: Process[] = [];
  const start = (host = {}): Process => {
    const started = new Process(server.connectionString, catalog, host);
    processes.push(started);
    return started;
  };
  /** An invalidation whose waits are not waited for. */
  const impatient = (): Invalidation =>
    new Invalidation(publisher, 'test', { clock: new HandClock(Date.now()) });
  const announce = async (invalidation: Invalidation): Promise<void> => {
    const { pointer } = catalog;
    expect(await invalidation.announce(pointer, catalog.stillLive(pointer.stamp))).toBe(true);
  };
  /** Says that all that changed is removed, and waits for the processes. */
  const finish = async (invalidation: Invalidation): Promise<void> => {
    const { pointer } = catalog;
    expect(await invalidation.finish(pointer, catalog.stillLive(pointer.stamp))).toBe(true);
    await invalidation.grace();
  };

  beforeAll(async () => {
    server = await startRedisServer();
    admin = new Redis(server.connectionString);
    publisher = new RedisConnection(constantSource(server.connectionString));
  });
  beforeEach(async () => {
    await admin.flushall();
    catalog = new FakeCatalog();
  });
  afterEach(() => processes.splice(0).forEach((each) => each.close()));
  afterAll(async () => {
    publisher.close();
    admin.disconnect();
    await server.stop();
  });

  it('never lets a load that began before write its value after', async () => {
    const { cache } = start();
    let loaded = (): void => undefined;
    catalog.pause = () => new Promise((resolve) => (loaded = resolve));
    const reading = cache.get(catalog.entry(KEY));
    await eventually(() => catalog.loads === 1, 'the load from r1');
    const loadedR1 = loaded;
    catalog.pause = () => Promise.resolve();

    catalog.live = 'r2';
    const invalidation = impatient();
    await announce(invalidation);
    await invalidation.remove([KEY]);
    loadedR1();

    expect(await reading).toMatchObject({ value: { release: 'r2' }, release: 'r2' });
    expect((await start().cache.get(catalog.entry(KEY))).value?.release).toBe('r2');
    expect(catalog.loads).toBe(2);
  });

  it('lets a load that lost its lease for another reason keep its value, and read nothing again', async () => {
    const { cache } = start();
    let loaded = (): void => undefined;
    catalog.pause = () => new Promise((resolve) => (loaded = resolve));
    const reading = cache.get(catalog.entry(KEY));
    await eventually(() => catalog.loads === 1, 'the load');
    await admin.del(keys.lease(KEY));
    loaded();
    expect(await reading).toMatchObject({ value: { release: 'r1' }, outcome: 'miss' });
    expect(catalog.loads).toBe(1);
    expect(await admin.ttl(KEY)).toBe(3600);
  });

  it('does the same for a batch', async () => {
    const { cache } = start();
    let loaded = (): void => undefined;
    catalog.pause = () => new Promise((resolve) => (loaded = resolve));
    const batch = ['icd10:A00', 'icd10:A01', 'icd10:A02'];
    const reading = cache.getMany(
      batch.map((key) => catalog.entry(key)),
      catalog.loadMany,
    );
    await eventually(() => catalog.loads === 1, 'the load from r1');
    const loadedR1 = loaded;
    catalog.pause = () => Promise.resolve();
    catalog.live = 'r2';
    const invalidation = impatient();
    await announce(invalidation);
    await invalidation.remove(['icd10:A01']);
    loadedR1();
    expect((await reading).map(({ value }) => value?.release)).toEqual(['r1', 'r2', 'r1']);
    const read = await start().cache.get(catalog.entry('icd10:A01'));
    expect(read.value?.release).toBe('r2');
  });

  it('removes exactly the keys it is given, with their leases, and counts those that existed', async () => {
    await admin.mset('icd10:A00', 'x', 'icd10:A01', 'x', 'icd10:A02', 'x', keys.lease('icd10:A01'), 'x');
    expect(await impatient().remove(['icd10:A00', 'icd10:A01', 'icd10:A03'])).toBe(2);
    expect(await admin.keys('*')).toEqual(['icd10:A02']);
  });

  it('removes any number of keys, at the pace it is told', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `icd10:K${index}`);
    await admin.mset(Object.fromEntries(many.map((key) => [key, 'x'])));
    const clock = new HandClock();
    const since = clock.time;
    expect(await new Invalidation(publisher, 'test', { clock, opsPerSecond: 10 }).remove(many)).toBe(2_000);
    // 8 round trips of 2 commands, no pause after the last.
    expect(clock.time - since).toBe(7 * 200);
    expect(await admin.dbsize()).toBe(0);
    expect(await impatient().remove([])).toBe(0);
  });

  it('believes nothing loaded before, from the announcement until all that changed is removed', async () => {
    const same = 'icd10:Z00.01';
    for (const key of [KEY, same]) await start().cache.get(catalog.entry(key));
    catalog.live = 'r2';
    const invalidation = impatient();
    await announce(invalidation);
    expect(await start().cache.get(catalog.entry(KEY))).toMatchObject({
      value: { release: 'r2' },
      outcome: 'miss',
      release: 'r2',
    });
    await invalidation.remove([KEY]);
    await finish(invalidation);
    // What has not changed is as good as it was, under the new name.
    expect(await start().cache.get(catalog.entry(same))).toMatchObject({
      value: { release: 'r1' },
      outcome: 'redis',
      release: 'r2',
    });
  });

  it('is noticed by a process’s memory within the time between two looks, and not a look later', async () => {
    const clock = new HandClock(Date.now());
    const { cache } = start({ clock });
    await cache.get(catalog.entry(KEY));
    catalog.live = 'r2';
    const invalidation = impatient();
    await announce(invalidation);
    await invalidation.remove([KEY]);
    await finish(invalidation);
    clock.time += RELEASE_CHECK_MS - 1;
    expect((await cache.get(catalog.entry(KEY))).outcome).toBe('memory');
    clock.time += 1;
    expect(await cache.get(catalog.entry(KEY))).toMatchObject({ value: { release: 'r2' }, outcome: 'miss' });
  });

  it('keeps a waiting reader from joining a load older than the last look at the release', async () => {
    const clock = new HandClock(Date.now());
    const { cache } = start({ clock: { now: clock.now, sleep: (ms: number) => systemClock.sleep(ms) } });
    let loaded = (): void => undefined;
    catalog.pause = () => new Promise((resolve) => (loaded = resolve));
    const early = cache.get(catalog.entry(KEY));
    await eventually(() => catalog.loads === 1, 'the load from r1');
    const loadedR1 = loaded;
    catalog.pause = () => Promise.resolve();
    catalog.live = 'r2';
    const invalidation = impatient();
    await announce(invalidation);
    await invalidation.remove([KEY]);
    await finish(invalidation);
    clock.time += RELEASE_CHECK_MS;
    expect((await cache.get(catalog.entry(KEY))).value?.release).toBe('r2');
    loadedR1();
    await early;
    expect((await cache.get(catalog.entry(KEY))).value?.release).toBe('r2');
  });

  it('reaches nobody where Redis does not answer, and says so before anything is changed', async () => {
    const nowhere = new RedisConnection(constantSource(`redis://127.0.0.1:${await freePort()}`));
    const invalidation = new Invalidation(nowhere, 'test', { clock: new HandClock() });
    await expect(invalidation.toldStamp()).rejects.toThrow(RedisUnavailable);
    nowhere.close();
    expect(await impatient().toldStamp()).toBeUndefined();
  });

  it('gives no reader a former value once it is done, however many read meanwhile', async () => {
    const fleet = [start(), start(), start()];
    const wanted = Array.from({ length: 20 }, (_, index) => `icd10:H${index}`);
    let running = true;
    let published = 'r1';
    const wrong: string[] = [];
    const hammer = async (process: Process, offset: number): Promise<void> => {
      for (let turn = offset; running; turn += 1) {
        const expected = published;
        const key = wanted[turn % wanted.length]!;
        const batch = turn % 7 === 0 ? wanted : [key];
        const answers =
          batch.length === 1
            ? [await process.cache.get(catalog.entry(key))]
            : await process.cache.getMany(
                batch.map((each) => catalog.entry(each)),
                catalog.loadMany,
              );
        for (const { value } of answers) {
          // A newer one than was published when the read began is right as well.
          if (Number(value?.release.slice(1)) < Number(expected.slice(1))) {
            wrong.push(`${value?.name} of ${value?.release} after ${expected}`);
          }
        }
        await systemClock.sleep(1);
      }
    };
    const hammering = fleet.flatMap((process, index) => [hammer(process, index), hammer(process, index + 9)]);
    // A store's read takes its time.
    catalog.pause = () => systemClock.sleep(5);
    for (const release of ['r2', 'r3']) {
      await systemClock.sleep(300);
      catalog.live = release;
      const invalidation = new Invalidation(publisher, 'test', { opsPerSecond: 0 });
      await announce(invalidation);
      await systemClock.sleep(100);
      await invalidation.remove(wanted);
      await finish(invalidation);
      published = release;
    }
    await systemClock.sleep(500);
    running = false;
    await Promise.all(hammering);
    expect(wrong).toEqual([]);
  }, 60_000);
});
