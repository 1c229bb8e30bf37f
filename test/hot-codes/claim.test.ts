import Redis from 'ioredis';
import { claim, claimedKey, discard, teamOfUsageKey } from '../../lambda/hot-codes/claim';
import { type RedisServer, startRedisServer } from '../../local/redis-server';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.connectionString);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(() => redis.flushall());

test('a claim takes the counts so far, and later uses start a new set', async () => {
  await redis.zincrby('usage:demo', 3, 'icd10:Z00.00');
  expect(await claim(redis, 'demo', 'first')).toEqual({ id: 'first', uses: new Map([['icd10:Z00.00', 3]]) });
  await redis.zincrby('usage:demo', 1, 'cpt:99213');
  expect(await redis.zrange('usage:demo', '0', '-1')).toEqual(['cpt:99213']);
});

test('a batch left behind is found again, under its own id and without the uses that came later', async () => {
  await redis.zincrby('usage:demo', 3, 'icd10:Z00.00');
  await claim(redis, 'demo', 'first');
  await redis.zincrby('usage:demo', 5, 'icd10:Z00.00');
  expect(await claim(redis, 'demo', 'second')).toEqual({ id: 'first', uses: new Map([['icd10:Z00.00', 3]]) });
});

test('discarding drops the applied batch only', async () => {
  await redis.zincrby('usage:demo', 1, 'cpt:99213');
  await claim(redis, 'demo', 'first');
  await discard(redis, 'demo', 'some-other');
  expect(await redis.exists(claimedKey('demo'))).toBe(1);
  await discard(redis, 'demo', 'first');
  expect(await redis.exists(claimedKey('demo'))).toBe(0);
});

test('a team without uses has nothing to claim', async () => {
  expect(await claim(redis, 'demo', 'first')).toBeUndefined();
  expect(await redis.keys('*')).toEqual([]);
});

test('teams are found by their counts, claimed or not, and by nothing else', () => {
  expect(teamOfUsageKey('usage:team_1')).toBe('team_1');
  expect(teamOfUsageKey(claimedKey('team_1'))).toBe('team_1');
  expect(teamOfUsageKey('hot:codes:team_1')).toBeUndefined();
  expect(teamOfUsageKey('{usage:a}:lease')).toBeUndefined();
});
