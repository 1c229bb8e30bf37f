import type { Redis } from 'ioredis';
import { anyGlob, globMatcher } from '../../lambda/snapshot/glob';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { plainClient } from '../backup/filled-redis';

const KEYS = [
  'icd10:Z00.00',
  'icd10:z00.00',
  'icd10:Z00',
  'cpt:99213',
  'hot:codes:team-1',
  'a[b]c',
  'a-c',
  'a^c',
  'a]c',
  'a\\c',
  'a*c',
  'abc',
  'adc',
  '',
  'line\nbreak',
  'caché',
];
const PATTERNS = [
  '*',
  'icd10:*',
  'icd10:Z00.??',
  'icd10:[A-Z]*',
  'icd10:[^A-Z]*',
  'a[bd]c',
  'a[^b]c',
  'a[d-b]c',
  'a[a-]c',
  'a\\*c',
  'a[\\]]c',
  'a[\\^]c',
  'a[]c',
  'a\\[b\\]c',
  'a?c',
  '*.*',
  'line*break',
  'cach*',
  'caché',
  'a[b',
  '',
  'a.c',
  '(a|b)c',
];

let server: RedisServer;
let client: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  client = plainClient(server.connectionString);
  for (const key of KEYS) await client.set(key, '1');
});

afterAll(async () => {
  client.disconnect();
  await server.stop();
});

describe('--match', () => {
  it.each(PATTERNS)('takes the same keys for %j as Redis does', async (pattern) => {
    const expected = (await client.keysBuffer(pattern)).map((key) => key.toString()).sort();
    const matches = globMatcher(pattern);
    expect(KEYS.filter((key) => matches(Buffer.from(key))).sort()).toEqual(expected);
  });

  it('given several times takes what any of them takes, and everything when not given', () => {
    const some = anyGlob(['cpt:*', 'hot:*']);
    expect(KEYS.filter((key) => some(Buffer.from(key)))).toEqual(['cpt:99213', 'hot:codes:team-1']);
    expect(KEYS.every((key) => anyGlob([])(Buffer.from(key)))).toBe(true);
  });
});
