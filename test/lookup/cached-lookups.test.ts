import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually } from '../support/eventually';
import { FIRST_RELEASE, SmallCatalog } from '../support/small-catalog';
import { RunningService } from './running-service';

let server: RedisServer;
let redis: Redis;
let catalog: SmallCatalog;
const services: RunningService[] = [];

/** A service with a memory of its own; what it shares with others is Redis. */
function process_(connectionString: string | undefined = server.connectionString): RunningService {
  const service = new RunningService(catalog.store, connectionString);
  services.push(service);
  return service;
}

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.connectionString);
  catalog = await SmallCatalog.of();
  await catalog.putHotCodes({
    teamId: 'demo',
    generatedAt: '2026-11-01T06:00:00.000Z',
    codes: [{ rank: 1, type: 'cpt', code: '99213', shortDescription: 'SAMPLE visit', uses: 12 }],
  });
});

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
  catalog.remove();
});

const PATHS = [
  ['/v1/icd10/z0000', 'icd10:Z00.00', 3600],
  ['/v1/cpt/99213', 'cpt:99213', 3600],
  ['/v1/hcpcs/g0438', 'hcpcs:G0438', 3600],
  ['/v1/icd10/categories/z00', 'icd10:category:Z00', 3600],
  ['/v1/cpt/categories/Evaluation-and-Management', 'cpt:category:evaluation-and-management', 3600],
  ['/v1/hcpcs/categories/g', 'hcpcs:category:G', 3600],
  ['/v1/teams/demo/hot-codes', 'hot:codes:demo', 7200],
  ['/v1/crosswalk/z0000', 'crosswalk:Z00.00', 3600],
  ['/v1/crosswalk/z0000/99213', 'crosswalk:Z00.00:99213', 3600],
  ['/v1/crosswalk/z0000/g0438', 'crosswalk:Z00.00:G0438', 3600],
  // What is not there is remembered too, but not for long.
  ['/v1/icd10/z99.999', 'icd10:Z99.999', 60],
  ['/v1/icd10/categories/Q99', 'icd10:category:Q99', 60],
  ['/v1/teams/new/hot-codes', 'hot:codes:new', 60],
  ['/v1/crosswalk/U07.1', 'crosswalk:U07.1', 60],
  ['/v1/crosswalk/Z00.01/99213', 'crosswalk:Z00.01:99213', 60],
] as const;

test.each(PATHS)('%s is kept in Redis as %s for %i s', async (path, key, seconds) => {
  await process_().get(path);
  const ttl = await redis.ttl(key);
  expect(ttl).toBeGreaterThan(seconds / 2);
  expect(ttl).toBeLessThanOrEqual(seconds);
});

test.each(PATHS)(
  '%s says miss, then memory, and redis to another process, with the same bytes',
  async (path) => {
    const [first, second] = [process_(), process_()];
    const answers = [await first.get(path), await first.get(path), await second.get(path)];
    expect(answers.map((answer) => answer.headers.get('x-cache'))).toEqual(['miss', 'memory', 'redis']);
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.headers.get('etag'))).size).toBe(1);
    expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
    expect(answers.map((answer) => answer.headers.get('x-catalog-release'))).toEqual(Array(3).fill('2026.1'));
  },
);

test('a batch reports its farthest value', async () => {
  const [first, second] = [process_(), process_()];
  const code = (name: string) => ({ type: 'icd10', code: name });
  const outcome = async (service: RunningService, ...names: string[]) =>
    (await service.batch(names.map(code))).headers.get('x-cache');
  expect(await outcome(first, 'Z00.00', 'Z00.01')).toBe('miss');
  expect(await outcome(first, 'Z00.00', 'Z00.01')).toBe('memory');
  expect(await outcome(second, 'Z00.00')).toBe('redis');
  expect(await outcome(second, 'Z00.00', 'Z00.01')).toBe('redis');
  expect(await outcome(second, 'Z00.00', 'U07.1')).toBe('miss');
});

test('a batch fills the same keys that single lookups read', async () => {
  await process_().batch([
    { type: 'icd10', code: 'Z00.00' },
    { type: 'cpt', code: '99213' },
    { type: 'hcpcs', code: 'J9999' },
  ]);
  const other = process_();
  const outcome = async (path: string) => (await other.get(path)).headers.get('x-cache');
  expect(await outcome('/v1/icd10/Z00.00')).toBe('redis');
  expect(await outcome('/v1/cpt/99213')).toBe('redis');
  expect((await other.get('/v1/hcpcs/J9999')).status).toBe(404);
});

test('without Redis every lookup answers', async () => {
  const alone = process_('redis://127.0.0.1:1');
  for (const [path] of PATHS) {
    const answer = await alone.get(path);
    expect([path, answer.headers.get('x-cache')]).toEqual([path, expect.stringMatching(/^(bypass|memory)$/)]);
    expect([200, 404]).toContain(answer.status);
  }
  expect(await (await alone.get('/v1/health')).json()).toEqual({ status: 'degraded' });
});

test('with no shared cache configured the service is well, and says memory the second time', async () => {
  const unshared = new RunningService(catalog.store, undefined);
  services.push(unshared);
  expect((await unshared.get('/v1/icd10/Z00.00')).status).toBe(200);
  expect((await unshared.get('/v1/icd10/Z00.00')).headers.get('x-cache')).toBe('memory');
  expect(await (await unshared.get('/v1/health')).json()).toEqual({ status: 'ok' });
});

test('a corrupt value in Redis is a miss and is replaced', async () => {
  for (const damage of [
    '',
    'garbage',
    '{"type":"icd10"}',
    '{"type":"icd10","code":"U07.1"',
    '\u0001\u0002\u0003',
  ]) {
    await redis.set('icd10:Z00.00', damage, 'EX', 3600);
    const answer = await process_().get('/v1/icd10/Z00.00');
    expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'miss']);
    expect(await answer.json()).toMatchObject({ code: 'Z00.00' });
    expect((await process_().get('/v1/icd10/Z00.00')).headers.get('x-cache')).toBe('redis');
  }
});

test("another code's record under a key is never answered", async () => {
  await process_().get('/v1/icd10/U07.1');
  await redis.copy('icd10:U07.1', 'icd10:Z00.00', 'REPLACE');
  const answer = await process_().get('/v1/icd10/Z00.00');
  expect(await answer.json()).toMatchObject({ code: 'Z00.00' });
  expect(answer.headers.get('x-cache')).toBe('miss');
});

test("a use is counted for the team, in the team's own key", async () => {
  const service = process_();
  const team = { 'x-team-id': 'demo' };
  for (let use = 0; use < 3; use += 1) await service.get('/v1/icd10/z0000', team);
  await service.batch([{ type: 'cpt', code: '99213' }], team);
  await service.close();
  expect(await redis.zrevrange('usage:demo', 0, -1, 'WITHSCORES')).toEqual([
    'icd10:Z00.00',
    '3',
    'cpt:99213',
    '1',
  ]);
  expect(await redis.ttl('usage:demo')).toBe(-1);
});

describe('a damaged catalog object', () => {
  const shard = 'catalog/releases/2026.1/icd10/Z00.json.gz';

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut short', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
    [
      'with one bit flipped',
      (bytes) => {
        const copy = Buffer.from(bytes);
        copy[copy.length >> 1]! ^= 1;
        return copy;
      },
    ],
  ])('%s is 503 with an error in the log, never a wrong record', async (_how, change) => {
    const broken = await SmallCatalog.of();
    try {
      broken.tamper(shard, change);
      const service = new RunningService(broken.store, server.connectionString);
      services.push(service);
      for (const path of ['/v1/icd10/Z00.00', '/v1/icd10/categories/Z00', '/v1/crosswalk/Z00.00']) {
        const answer = await service.get(path);
        expect([path, answer.status]).toEqual([path, 503]);
        expect(answer.headers.get('retry-after')).not.toBeNull();
        expect(await answer.json()).toMatchObject({ code: 'UNAVAILABLE' });
      }
      expect((await service.batch([{ type: 'icd10', code: 'Z00.00' }])).status).toBe(503);
      // What is not damaged goes on being answered.
      expect((await service.get('/v1/cpt/99213')).status).toBe(200);
      expect(service.log.filter(({ level }) => level === 'error')).not.toEqual([]);
      expect(service.log[0]).toMatchObject({
        message: 'catalog object damaged',
        fields: { key: shard, reason: expect.stringContaining('sha256') },
      });
      expect(await redis.exists('icd10:Z00.00')).toBe(0);
    } finally {
      broken.remove();
    }
  });
});

test('with Redis and the catalog both gone, what memory still has is answered as stale', async () => {
  const own = await SmallCatalog.of();
  const lone = await startRedisServer();
  const service = new RunningService(own.store, lone.connectionString);
  try {
    expect((await service.get('/v1/icd10/Z00.00')).status).toBe(200);
    await lone.stop();
    const outage = own.goOut();
    // The value is fresh until the release is due for its next check, within two seconds.
    const seen = new Set<string | null>();
    await eventually(async () => {
      const answer = await service.get('/v1/icd10/Z00.00');
      expect(answer.status).toBe(200);
      seen.add(answer.headers.get('x-cache'));
      return seen.has('stale');
    }, 'a stale answer');
    // Of another shard, which this process has never read.
    expect((await service.get('/v1/icd10/U07.1')).status).toBe(503);
    expect(await (await service.get('/v1/health')).json()).toEqual({ status: 'degraded' });
    outage.restore();
  } finally {
    await service.close();
    await lone.stop();
    own.remove();
  }
});

describe('a new release', () => {
  const NEXT = {
    ...FIRST_RELEASE,
    icd10: [
      'Z00,Exams,Encounter for exams,false',
      'Z00.00,Adult exam,Encounter for adult exam revised,true',
      'Z00.02,New exam,Encounter for new exam,true',
      'U07.1,Sample virus,Sample virus disease,true',
    ],
    crosswalk: ['Z00.00,99213,covered,sample', 'Z00.02,99213,covered,sample'],
  };

  test('shows at once in every answer that it changes, and leaves the others cached', async () => {
    const own = await SmallCatalog.of();
    const service = new RunningService(own.store, server.connectionString);
    try {
      const before = [
        '/v1/icd10/Z00.00',
        '/v1/icd10/Z00.01',
        '/v1/icd10/Z00.02',
        '/v1/icd10/U07.1',
        '/v1/icd10/categories/Z00',
        '/v1/crosswalk/Z00.00',
        '/v1/crosswalk/Z00.02',
        '/v1/crosswalk/Z00.00/G0438',
        '/v1/crosswalk/Z00.02/99213',
      ];
      for (const path of before) await service.get(path);
      await own.build('2026.2', NEXT);
      await own.publish('2026.2', server.connectionString);
      const json = async (path: string): Promise<unknown> => (await service.get(path)).json();
      expect(await json('/v1/icd10/Z00.00')).toMatchObject({
        description: 'Encounter for adult exam revised',
      });
      expect((await service.get('/v1/icd10/Z00.01')).status).toBe(404);
      expect((await service.get('/v1/icd10/Z00.02')).status).toBe(200);
      expect(await json('/v1/icd10/categories/Z00')).toMatchObject({ total: 3 });
      expect(await json('/v1/crosswalk/Z00.00')).toMatchObject({ cpts: [{ cpt: '99213' }] });
      expect(await json('/v1/crosswalk/Z00.02')).toMatchObject({ cpts: [{ cpt: '99213' }] });
      expect(await json('/v1/crosswalk/Z00.00/G0438')).toMatchObject({ related: false });
      expect(await json('/v1/crosswalk/Z00.02/99213')).toMatchObject({ related: true });
      const kept = await service.get('/v1/icd10/U07.1');
      expect(kept.headers.get('x-cache')).toBe('redis');
      expect(kept.headers.get('x-catalog-release')).toBe('2026.2');
    } finally {
      await service.close();
      own.remove();
    }
  });

  test('lets a client go on paging where it was', async () => {
    const own = await SmallCatalog.of();
    const service = new RunningService(own.store, server.connectionString);
    try {
      const first = (await (await service.get('/v1/icd10/categories/Z00?limit=2')).json()) as {
        nextCursor: string;
      };
      await own.build('2026.2', NEXT);
      await own.publish('2026.2', server.connectionString);
      const second = await service.get(`/v1/icd10/categories/Z00?limit=2&cursor=${first.nextCursor}`);
      expect(await second.json()).toMatchObject({ codes: [{ code: 'Z00.02' }], nextCursor: null });
    } finally {
      await service.close();
      own.remove();
    }
  });
});
