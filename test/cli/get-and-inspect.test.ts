import { encodeFrame } from '../../lambda/cache/frames';
import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { runCodes } from '../support/codes-cli';
import { SmallCatalog } from '../support/small-catalog';

let redis: RedisServer;
let client: Redis;
let catalog: SmallCatalog;
let env: Record<string, string>;

beforeAll(async () => {
  [redis, catalog] = await Promise.all([startRedisServer({ password: 'canary-51fe' }), SmallCatalog.of()]);
  client = new Redis(redis.connectionString);
  env = { CATALOG_STORE: catalog.url, REDIS_CONNECTION_STRING: redis.connectionString };
});

afterAll(async () => {
  client.disconnect();
  await redis.stop();
  catalog.remove();
});

describe('get', () => {
  test('shows a code as people read it, in any spelling', async () => {
    const { exitCode, stdout } = await runCodes(['get', 'icd10', 'z0000'], { env });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Z00.00  ICD-10-CM, billable\nEncounter for adult exam\n');
    expect(stdout).toContain('release 2026.1');
  });

  test('reads what the API reads: from the catalog first, then from Redis', async () => {
    await client.flushall();
    const get = async (): Promise<unknown> => {
      const { stdout } = await runCodes(['get', 'cpt', '99213', '--json'], { env });
      const { edition: _edition, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
      return rest;
    };
    const record = {
      type: 'cpt',
      code: '99213',
      description: 'SAMPLE: an invented visit',
      shortDescription: 'SAMPLE visit',
      category: 'evaluation-and-management',
      billable: true,
      status: 'active',
      validFrom: null,
      validTo: null,
    };
    expect(await get()).toEqual({ record, outcome: 'miss', release: '2026.1' });
    expect(await get()).toEqual({ record, outcome: 'redis', release: '2026.1' });
    expect(await client.exists('cpt:99213')).toBe(1);
    expect(await client.keys('usage:*')).toEqual([]);
  });

  test('works without Redis, and says when the one it was given does not take part', async () => {
    const alone = await runCodes(['get', 'hcpcs', 'g0438', '--store', catalog.url]);
    expect([alone.exitCode, alone.stderr]).toEqual([0, '']);
    const gone = { ...env, REDIS_CONNECTION_STRING: 'redis://default:canary-51fe@127.0.0.1:1' };
    const without = await runCodes(['get', 'hcpcs', 'g0438'], { env: gone });
    expect(without.exitCode).toBe(0);
    expect(without.stderr).toMatch(/^warning: Redis did not take part/);
    expect(without.stdout + without.stderr).not.toContain('canary');
  });

  test('an unknown code exits 1, a malformed one or an unknown system 2', async () => {
    const unknown = await runCodes(['get', 'icd10', 'Z99.999', '--json'], { env });
    expect([unknown.exitCode, JSON.parse(unknown.stdout)]).toEqual([
      1,
      { error: { code: 'UNKNOWN_CODE', message: 'Release 2026.1 has no ICD-10-CM code Z99.999.' } },
    ]);
    const malformed = await runCodes(['get', 'icd10', 'Z.0000'], { env });
    expect([malformed.exitCode, malformed.stderr]).toEqual([
      2,
      expect.stringContaining('Did you mean Z00.00?'),
    ]);
    const system = await runCodes(['get', 'icd9', '250'], { env });
    expect([system.exitCode, system.stderr]).toEqual([2, expect.stringContaining('icd10, cpt, hcpcs')]);
  });
});

describe('get of a dated catalog', () => {
  const LINES = {
    '2020-10-01': [
      'M54,Back pain,Sample back pain,false',
      'M54.5,Low back pain,Sample low back pain,true',
      'M54.9,Other,Sample other back pain,true',
    ],
    '2021-10-01': [
      'M54,Back pain,Sample back pain,false',
      'M54.5,Low back pain,Sample low back pain,false',
      'M54.50,Unspecified,Sample unspecified low back pain,true',
    ],
  };
  let dated: SmallCatalog;

  beforeAll(async () => {
    dated = new SmallCatalog();
    const icd10 = Object.entries(LINES).map(([from, lines]) => {
      const text = ['code,short,long,billable', ...lines, ''].join('\n');
      return { from, path: dated.file(`from-${from}.csv`, text) };
    });
    const table = ['current_code,effective,previous_code', 'M5450,20211001,M545', ''].join('\n');
    await dated.buildFrom('dated', { icd10, icd10Conversion: [dated.file('conversion.csv', table)] });
    await dated.publish('dated');
  });

  afterAll(() => dated.remove());

  const get = (...words: string[]): ReturnType<typeof runCodes> =>
    runCodes(['get', 'icd10', ...words, '--store', dated.url]);

  test('shows what a code was on the date that --on names, and the edition that says so', async () => {
    const { stdout } = await get('m545', '--on', '2021-09-30');
    expect(stdout).toContain('M54.5  ICD-10-CM, billable on 2021-09-30\n');
    expect(stdout).toContain('\nin force until 2021-09-30\n');
    expect(stdout).toContain('release dated, edition of 2020-10-01');
    expect(stdout).not.toMatch(/replaced by|History/);
  });

  test('without --on shows what it is today, and what took its place', async () => {
    const { stdout } = await get('m545');
    expect(stdout).toContain('M54.5  ICD-10-CM, header code, not billable\n');
    expect(stdout).toContain('\nin force from 2021-10-01\nreplaced by M54.50\n');
    expect((await get('m549')).stdout).toContain('M54.9  ICD-10-CM, ended 2021-09-30, not billable\n');
    expect((await get('m5450', '--on', '2021-01-01')).stdout).toContain(
      'M54.50  ICD-10-CM, from 2021-10-01 on, not billable yet\n',
    );
  });

  test('with --history lists every state, oldest first', async () => {
    const { stdout } = await get('m545', '--history', '--on', '2021-10-01');
    expect(stdout).toContain(
      [
        'History',
        '  until 2021-09-30  billable  Sample low back pain',
        '  from 2021-10-01   header    Sample low back pain',
      ].join('\n'),
    );
    const { record } = JSON.parse((await get('m545', '--history', '--json')).stdout) as {
      record: { states: unknown };
    };
    expect(record.states).toMatchObject([
      { validFrom: null, validTo: '2021-09-30', billable: true },
      { validFrom: '2021-10-01', validTo: null, billable: false },
    ]);
  });

  test('a date before the first edition exits 1 and says which day is the first; one that is no day exits 2', async () => {
    const before = await get('m545', '--on', '2020-09-30');
    expect([before.exitCode, before.stderr]).toEqual([1, expect.stringContaining('2020-10-01')]);
    const none = await get('m545', '--on', '2021-02-30');
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('"2021-02-30"')]);
  });
});

describe('inspect', () => {
  const inspect = async (key: string): Promise<Record<string, unknown>> => {
    const { exitCode, stdout, stderr } = await runCodes(['inspect', key, '--json'], { env });
    if (exitCode !== 0) throw new Error(stdout + stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  test('shows a packed value as JSON, with how long it lives', async () => {
    await client.flushall();
    await runCodes(['get', 'icd10', 'Z00.00'], { env });
    expect(await client.get('icd10:Z00.00')).not.toMatch(/^\{/);
    const found = await inspect('icd10:Z00.00');
    expect(found).toMatchObject({
      key: 'icd10:Z00.00',
      redisType: 'string',
      size: await client.strlen('icd10:Z00.00'),
      value: { code: 'Z00.00', description: 'Encounter for adult exam' },
    });
    expect(found.ttl).toBeGreaterThan(3_500);
    expect(found.ttl).toBeLessThanOrEqual(3_600);
  });

  test('shows what is remembered as unknown', async () => {
    await runCodes(['get', 'icd10', 'Z99.999'], { env });
    expect(await inspect('icd10:Z99.999')).toMatchObject({ format: 'remembered as unknown', value: null });
  });

  test('shows counted uses, the live release and leases', async () => {
    await client.zadd('usage:demo', 3, 'icd10:Z00.00', 5, 'cpt:99213');
    expect(await inspect('usage:demo')).toMatchObject({
      redisType: 'zset',
      ttl: null,
      size: 2,
      value: { 'cpt:99213': 5, 'icd10:Z00.00': 3 },
    });
    expect(await inspect('catalog:release')).toMatchObject({
      format: 'json',
      value: { release: '2026.1', told: false, mark: expect.any(String) },
    });
    await client.set('{catalog:release}:told', '11259375');
    expect(await inspect('{catalog:release}:told')).toMatchObject({ format: 'text', value: '11259375' });
    await client.set('{icd10:Z00.00}:lease', 'token');
    expect(await inspect('{icd10:Z00.00}:lease')).toMatchObject({ format: 'text', value: 'token' });
  });

  test('tells of a value that nobody can read, or nobody here wrote', async () => {
    await client.set('icd10:A00', Buffer.from([0xff, 0xfe]));
    expect(await inspect('icd10:A00')).toMatchObject({ value: null, problem: expect.any(String) });
    await client.lpush('foreign', 'x');
    expect(await inspect('foreign')).toMatchObject({ redisType: 'list', problem: expect.any(String) });
  });

  test('reads to a person', async () => {
    const value = { type: 'cpt', code: '99213' };
    const head = { expiresAt: Date.parse('2030-01-01T00:00:00Z'), stamp: 0xabcdef };
    await client.set('cpt:99213', encodeFrame('cpt:99213', value, head), 'EX', 100);
    const { stdout } = await runCodes(['inspect', 'cpt:99213'], { env });
    expect(stdout).toMatch(/^cpt:99213 {2}string, json, 41 B, expires in \d+ s\n\{\n {2}"type": "cpt"/);
  });

  test('a key that is not there, or no Redis, is said in one line', async () => {
    const missing = await runCodes(['inspect', 'icd10:B99'], { env });
    expect([missing.exitCode, missing.stderr]).toEqual([1, 'error: Redis has no key "icd10:B99".\n']);
    const nowhere = await runCodes(['inspect', 'icd10:B99']);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      2,
      expect.stringContaining('REDIS_CONNECTION_STRING'),
    ]);
    const gone = await runCodes(['inspect', 'icd10:B99'], {
      env: { REDIS_CONNECTION_STRING: 'redis://default:canary-51fe@127.0.0.1:1' },
    });
    expect([gone.exitCode, gone.stderr]).toEqual([1, expect.stringMatching(/^error: Redis is unavailable/)]);
    expect(gone.stderr).not.toContain('canary');
  });
});
