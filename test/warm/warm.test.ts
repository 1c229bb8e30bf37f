import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Redis from 'ioredis';
import { frameValue } from '../../lambda/cache/frames';
import { buildRelease } from '../../lambda/catalog/build/build-release';
import { openStore } from '../../lambda/store/open-store';
import { publishRelease } from '../../lambda/catalog/publish/publish-release';
import { readManifest } from '../../lambda/catalog/stored-manifest';
import type { ObjectStore } from '../../lambda/store/object-store';
import { constantSource } from '../../lambda/redis/source';
import { runWarm, type WarmOptions, type WarmRun } from '../../lambda/warm/warm-run';
import { spreadTtl } from '../../lambda/warm/warm';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { ensureSampleCatalog } from '../../local/sample-catalog';
import { NO_SOURCES } from '../support/small-catalog';

let server: RedisServer;
let redis: Redis;
let directory: string;
let store: ObjectStore;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.connectionString);
  directory = await mkdtemp(join(tmpdir(), 'warm-'));
  store = openStore((await ensureSampleCatalog(join(directory, 'sample'))).url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(() => redis.flushall());

const run = (options: Partial<WarmOptions> = {}): Promise<WarmRun> =>
  runWarm({ store, redis: constantSource(server.connectionString), everything: false, ...options });

const loaded = (report: WarmRun, family: string): number =>
  report.families.find((each) => each.family === family)?.loaded ?? 0;

test("what teams use is warmed: their list, the codes on it and those codes' crosswalks", async () => {
  const report = await run();
  expect(report).toMatchObject({ release: 'sample', stopped: undefined });
  expect(loaded(report, 'hot:codes')).toBe(1);
  expect(await redis.exists('hot:codes:demo', 'icd10:Z00.00', 'cpt:99213', 'crosswalk:Z00.00')).toBe(4);
  expect(await redis.keys('*:lease')).toEqual([]);
});

test('a warmed list is the list alone, without what the roll-up keeps beside it', async () => {
  await run();
  const list = frameValue((await redis.getBuffer('hot:codes:demo')) ?? Buffer.alloc(0)) as object;
  expect(Object.keys(list).sort()).toEqual(['codes', 'generatedAt', 'teamId']);
});

test('everything means every code and category of the live release', async () => {
  const report = await run({ everything: true });
  const counts = (await readManifest(store, 'sample'))?.manifest.counts;
  for (const type of ['icd10', 'cpt', 'hcpcs'] as const) {
    const keys = (await redis.keys(`${type}:*`)).filter((key) => !key.includes(':category:'));
    expect({ type, keys: keys.length }).toEqual({ type, keys: counts?.[type]?.total });
  }
  expect(await redis.exists('cpt:category:surgery', 'hcpcs:category:J', 'icd10:category:Z00')).toBe(3);
  expect(report.absent).toBe(0);
});

test('lives are spread over the last tenth of the TTL', async () => {
  await run({ everything: true });
  const lives = await Promise.all((await redis.keys('icd10:*')).map((key) => redis.ttl(key)));
  expect(Math.min(...lives)).toBeGreaterThan(3_600 * 0.9 - 60);
  expect(Math.max(...lives)).toBeLessThanOrEqual(3_600);
  expect(new Set(lives).size).toBeGreaterThan(20);
  expect([spreadTtl(3_600, 0), spreadTtl(3_600, 0.999_999)]).toEqual([3_240, 3_600]);
});

test('warming again loads nothing anew', async () => {
  const first = await run();
  const second = await run();
  expect(second).toMatchObject({ loaded: 0, present: first.loaded });
});

test("warming stops before it would fill the plan's memory", async () => {
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const report = await run({ everything: true, planMemoryMb: used / 1_048_576 });
  expect(report).toMatchObject({ stopped: 'memory', loaded: 0 });
});

test('without Redis warming says so instead of reading the whole catalog for nothing', async () => {
  const report = await run({ redis: constantSource('redis://127.0.0.1:1'), everything: true });
  expect(report).toMatchObject({ stopped: 'redis', loaded: 0 });
});

const real = process.env.REAL_DATA_DIR;
(real === undefined ? describe.skip : describe)('with the real ICD-10-CM file (REAL_DATA_DIR)', () => {
  test('all 95,358 codes and their categories fit well inside 30 MB', async () => {
    const big = openStore(`file:${join(directory, 'real')}`);
    const host = { now: () => new Date(), cache: undefined };
    const order = join(real ?? '', 'icd10cm-order-2021.txt.gz');
    await buildRelease(big, { release: '2021.1', sources: { ...NO_SOURCES, icd10: [order] } }, host);
    await publishRelease(big, '2021.1', host);
    const report = await run({ store: big, everything: true, planMemoryMb: 30 });
    expect(report.stopped).toBeUndefined();
    expect(loaded(report, 'icd10')).toBe(95_358);
    expect(loaded(report, 'icd10:category')).toBe(1_911);
    expect(report.memoryUsed).toBeLessThan(0.85);
  }, 240_000);
});
