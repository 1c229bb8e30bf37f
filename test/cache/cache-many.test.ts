import { Redis } from 'ioredis';
import { keys } from '../../lambda/names/keys';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually, FakeCatalog, HandClock, Process } from './support';

const codes = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `icd10:S82.${from + index}`);

describe('a batch through the cache', () => {
  let server: RedisServer;
  let admin: Redis;
  const processes: Process[] = [];
  const start = (catalog: FakeCatalog, host = {}): Process => {
    const started = new Process(server.connectionString, catalog, host);
    processes.push(started);
    return started;
  };
  const getAll = (process: Process, wanted: string[]) =>
    process.cache.getMany(
      wanted.map((key) => process.catalog.entry(key)),
      process.catalog.loadMany,
    );

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

  it('reads the catalog once for all that is missing, and answers in order', async () => {
    const catalog = new FakeCatalog();
    catalog.unknown.add('icd10:S82.7');
    const process = start(catalog);
    const wanted = codes(0, 200).reverse();
    const answers = await getAll(process, wanted);
    expect(answers.map(({ value }) => value?.name ?? 'icd10:S82.7')).toEqual(wanted);
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['miss']));
    expect(catalog.loads).toBe(1);
    expect(await admin.ttl('icd10:S82.1')).toBe(3600);
    expect(await admin.ttl('icd10:S82.7')).toBe(60);
    expect((await admin.keys('*:lease')).length).toBe(0);
  });

  it('takes one round trip for what Redis holds', async () => {
    const catalog = new FakeCatalog();
    await getAll(start(catalog), codes(0, 200));
    const process = start(catalog);
    const answers = await getAll(process, codes(0, 200));
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['redis']));
    expect(process.telemetry.roundTrips).toHaveLength(1);
    expect(catalog.loads).toBe(1);
  });

  it('mixes memory, Redis and catalog, and answers a repeated key each time', async () => {
    const catalog = new FakeCatalog();
    const process = start(catalog);
    await getAll(start(catalog), codes(0, 20));
    await getAll(process, codes(0, 10));
    const answers = await getAll(process, [...codes(0, 30), 'icd10:S82.0', 'icd10:S82.29']);
    const count = (wanted: string): number => answers.filter(({ outcome }) => outcome === wanted).length;
    expect([count('memory'), count('redis'), count('miss')]).toEqual([11, 10, 11]);
    expect(catalog.loads).toBe(2);
  });

  it('shares the work of two processes that ask for overlapping batches at a time', async () => {
    const catalog = new FakeCatalog();
    const loaded: string[] = [];
    catalog.pause = () => new Promise((resolve) => setTimeout(resolve, 50));
    const { loadMany } = catalog;
    catalog.loadMany = (release, missing) => {
      loaded.push(...missing.map(({ key }) => key));
      return loadMany(release, missing);
    };
    const [here, there] = [start(catalog), start(catalog)];
    const [some, others] = await Promise.all([getAll(here, codes(0, 100)), getAll(there, codes(50, 150))]);
    expect(some.every(({ value }) => value !== undefined)).toBe(true);
    expect(others.every(({ value }) => value !== undefined)).toBe(true);
    expect(loaded.sort()).toEqual(codes(0, 150).sort());
  });

  it('joins single reads under way, and is joined by them', async () => {
    const catalog = new FakeCatalog();
    const process = start(catalog);
    catalog.pause = () => new Promise((resolve) => setTimeout(resolve, 50));
    const single = process.cache.get(catalog.entry('icd10:S82.0'));
    const batch = getAll(process, codes(0, 3));
    const late = process.cache.get(catalog.entry('icd10:S82.2'));
    await Promise.all([single, batch, late]);
    expect(catalog.loads).toBe(2);
  });

  it('waits for keys that another process is loading', async () => {
    const catalog = new FakeCatalog();
    const [here, there] = [start(catalog), start(catalog)];
    let finish = (): void => undefined;
    catalog.pause = () => new Promise((resolve) => (finish = resolve));
    const first = getAll(here, codes(0, 5));
    await eventually(() => catalog.loads === 1, 'the first load');
    const firstDone = finish;
    catalog.pause = () => Promise.resolve();
    const second = getAll(there, codes(0, 10));
    await eventually(() => catalog.loads === 2, 'the load of the keys nobody had');
    firstDone();
    expect((await first).length).toBe(5);
    expect((await second).every(({ value }) => value !== undefined)).toBe(true);
    expect(catalog.loads).toBe(2);
  });

  it('answers from memory what it can when all else is gone', async () => {
    const clock = new HandClock(Date.now());
    const catalog = new FakeCatalog();
    const process = start(catalog, { clock });
    await getAll(process, codes(0, 5));
    await admin.flushall();
    catalog.down = true;
    clock.time += 3_700_000;
    const answers = await getAll(process, codes(0, 5));
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['stale']));
    await expect(getAll(process, codes(0, 6))).rejects.toThrow('the store is down');
  });

  it('looks for a new release before it answers from memory', async () => {
    const clock = new HandClock(Date.now());
    const catalog = new FakeCatalog();
    const process = start(catalog, { clock });
    await getAll(process, codes(0, 5));
    catalog.live = 'r2';
    await admin.flushall();
    await admin.set(keys.release, 'r2');
    clock.time += 2_000;
    const answers = await getAll(process, codes(0, 5));
    expect(answers.map(({ value, release }) => [value?.release, release])).toEqual(
      codes(0, 5).map(() => ['r2', 'r2']),
    );
  });

  it('answers no codes with no answers', async () => {
    expect(await getAll(start(new FakeCatalog()), [])).toEqual([]);
  });
});
