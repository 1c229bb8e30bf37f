import { Redis } from 'ioredis';
import { keys } from '../../lambda/names/keys';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { type CliRun, runCodes } from '../support/codes-cli';
import { SmallCatalog } from '../support/small-catalog';
import { orderLine } from '../support/source-lines';

let space: SmallCatalog;
let server: RedisServer;
beforeAll(async () => (server = await startRedisServer()));
afterAll(() => server.stop());
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const catalog = (args: string[], env: Record<string, string> = {}): Promise<CliRun> =>
  runCodes(['catalog', ...args, '--store', space.store.url], { env });
const order = (name: string, ...lines: string[]): string => space.file(name, lines.join(''));

test('build, publish, list, diff and roll back, with the cache told of exactly what changed', async () => {
  const one = order('one.txt', orderLine('A00', 0, 'Cholera'), orderLine('A000', 1, 'old'));
  const two = order(
    'two.txt',
    orderLine('A00', 0, 'Cholera'),
    orderLine('A000', 1, 'new'),
    orderLine('B00', 1, 'x'),
  );
  const built = await catalog(['build', '--release', 'r1', '--icd10', one]);
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });
  expect(built.stdout).toMatch(/Built release r1[^]*ICD-10-CM +2 +1 +1[^]*catalog publish --release r1/);

  const published = await catalog(['publish', '--release', 'r1']);
  expect(published).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('no Redis is named') });
  expect(published.stdout).toContain('Release r1 is live');

  const second = await catalog(['build', '--release', 'r2', '--icd10', two, '--json']);
  expect(JSON.parse(second.stdout)).toMatchObject({
    release: 'r2',
    counts: { icd10: { total: 3 } },
    skipped: { total: 0 },
  });

  const diff = await catalog(['diff', 'r1', 'r2']);
  expect(diff.stdout).toMatch(
    /2 → 3 codes, 1 → 2 billable \(\+1, −0\)\n1 added:\n {2}\+ B00 {2}x\n1 with a revised/,
  );

  const redis = new Redis(server.connectionString);
  const env = { REDIS_CONNECTION_STRING: server.connectionString };
  try {
    for (const key of ['icd10:A00', 'icd10:A00.0', keys.lease('icd10:A00.0'), 'icd10:B00'])
      await redis.set(key, 'x');
    const dry = await catalog(['publish', '--release', 'r2', '--dry-run', '--json'], env);
    expect(JSON.parse(dry.stdout)).toMatchObject({
      dryRun: true,
      release: 'r2',
      previous: 'r1',
      changedKeys: 4,
    });
    expect(await redis.dbsize()).toBe(4);

    const switched = await catalog(['publish', '--release', 'r2', '--json'], env);
    expect(JSON.parse(switched.stdout)).toMatchObject({
      release: 'r2',
      previous: 'r1',
      switched: true,
      cache: { changedKeys: 4, removedKeys: 2 },
    });
    expect((await redis.keys('*')).sort()).toEqual([keys.release, 'icd10:A00', keys.told]);
  } finally {
    redis.disconnect();
  }

  const unasked = await catalog(['rollback']);
  expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Pass --yes') });
  const back = await catalog(['rollback', '--yes', '--no-cache']);
  expect(back).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('--no-cache was given') });
  const listed = await catalog(['list', '--json']);
  expect(JSON.parse(listed.stdout)).toMatchObject({
    releases: [
      { release: 'r1', state: 'live' },
      { release: 'r2', state: 'complete' },
    ],
  });
});

test('editions are named by options or file names, reported line by line, and added over a base', async () => {
  const year = (of: number, ...lines: string[]): string => order(`icd10cm_order_${of}.txt`, ...lines);
  const first = year(2025, orderLine('A00', 0, 'Cholera'), orderLine('A000', 1, 'old'));
  const april = order('update.txt', orderLine('A00', 0, 'Cholera'), orderLine('A000', 1, 'new'));
  const dated = `2025-04-01=${april}`;
  const built = await catalog(['build', '--release', 'r1', '--icd10', dated, first]);
  expect(built).toMatchObject({ exitCode: 0, stderr: '' });
  expect(built.stdout).toMatch(
    /edition +from +codes +billable\n.*\nICD-10-CM +2024-10-01 +2 +1\nICD-10-CM +2025-04-01 +2 +1\n/,
  );
  const next = year(2026, orderLine('A00', 0, 'Cholera'));
  const over = await catalog(['build', '--release', 'r2', '--base', 'r1', '--icd10', next, '--json']);
  expect(JSON.parse(over.stdout)).toMatchObject({
    counts: { icd10: { total: 2, billable: 0, header: 1, ended: 1 } },
    editions: {
      icd10: [{ from: '2024-10-01' }, { from: '2025-04-01' }, { from: '2025-10-01', codes: 1, billable: 0 }],
    },
    sources: [{ carriedFrom: 'r1' }, { carriedFrom: 'r1' }, { name: 'icd10cm_order_2026.txt' }],
  });
});

test('a bad line fails with one line that names it; --skip-invalid lists what was left out', async () => {
  const bad = order('bad.txt', orderLine('A00', 1, 'x'), 'rubbish\r\n');
  const failed = await catalog(['build', '--release', 'r', '--icd10', bad]);
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toMatch(/^error: bad\.txt, line 2: .*--skip-invalid.*\n$/);
  const skipped = await catalog(['build', '--release', 'r', '--icd10', bad, '--skip-invalid']);
  expect(skipped.exitCode).toBe(0);
  expect(skipped.stdout).toMatch(/Left out 1 invalid lines:\n {2}bad\.txt, line 2: /);
});

test('a Redis out of reach stops a publish before anything changes, and shows no password', async () => {
  await space.buildFrom('r', { icd10: [order('o.txt', orderLine('A00', 1, 'x'))] });
  const run = await catalog(['publish', '--release', 'r', '--json'], {
    REDIS_CONNECTION_STRING: 'redis://default:hunter2@127.0.0.1:1',
  });
  expect(run.exitCode).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({
    error: { message: expect.stringContaining('nothing was published') },
  });
  expect(run.stdout + run.stderr).not.toContain('hunter2');
  expect(await space.store.get('catalog/current.json')).toBeUndefined();
});

test.each([
  [['build', '--icd10', 'x'], "required option '--release <id>'"],
  [['build', '--release', '../x', '--icd10', 'x'], 'is not a release id'],
  [['build', '--release', 'r'], 'at least one file of codes'],
  [['build', '--release', 'r', '--icd10', '2025-02-30=x'], 'begins with 2025-02-30, which is no day'],
  [['build', '--release', 'r', '--base', 'q'], 'Nothing is given anew'],
  [['diff', 'only-one'], 'name both releases'],
  [['diff', 'r1@2026-02-30', 'r1@2026-10-01'], 'not "2026-02-30"'],
  [['diff', 'r1', 'r2@2026-10-01@2026-11-01'], 'stands a day as YYYY-MM-DD'],
])(
  'called wrongly (%j), exit code 2 and what is wrong',
  async (args, problem) => {
    const run = await catalog(args);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(problem);
  },
  60_000,
);
