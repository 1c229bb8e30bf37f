import type { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { fillCodes, fillEveryType, plainClient } from '../backup/filled-redis';
import { type CliRun, runCodes } from '../support/codes-cli';
import { SmallCatalog } from '../support/small-catalog';

let source: RedisServer;
let target: RedisServer;
let from: Redis;
let to: Redis;
let total: number;

beforeAll(async () => {
  [source, target] = await Promise.all([
    startRedisServer({ password: 'source-password' }),
    startRedisServer({ password: 'target-password' }),
  ]);
  from = plainClient(source.connectionString);
  to = plainClient(target.connectionString);
  total = (await fillEveryType(from)) + 500;
  await fillCodes(from, 500);
  await from.set('{icd10:A00}:lease', 'token', 'EX', 100);
});

beforeEach(() => to.flushall());

afterAll(async () => {
  from.disconnect();
  to.disconnect();
  await Promise.all([source.stop(), target.stop()]);
});

async function migrate(...args: string[]): Promise<CliRun> {
  const env = { OLD_REDIS: source.connectionString, NEW_REDIS: target.connectionString };
  const run = await runCodes(['migrate', ...args], { env });
  expect(run.stdout + run.stderr).not.toMatch(/(source|target)-password/);
  return run;
}

const BETWEEN = ['--from', 'env:OLD_REDIS', '--to', 'env:NEW_REDIS'];
const json = (run: CliRun): Record<string, unknown> => JSON.parse(run.stdout);

describe('codes migrate', () => {
  it('streams everything but leases into the other Redis, with expiries, and compares', async () => {
    const run = await migrate(...BETWEEN, '--yes', '--json');
    expect(json(run)).toMatchObject({
      from: 'env:OLD_REDIS',
      to: 'env:NEW_REDIS',
      leases: 1,
      restore: { restored: total, existing: 0, failed: 0 },
      comparison: { same: total, missing: 0, differentValue: 0, differentExpiry: 0 },
    });
    expect(run.exitCode).toBe(0);
    expect(await to.ttl('icd10:K7')).toBeGreaterThan(3_000);
    expect(await to.ttl('zset:small')).toBe(-1);
  });

  it('leaves existing keys alone and reports that they differ, or replaces them', async () => {
    await to.set('icd10:K1', 'newer');
    const kept = await migrate(...BETWEEN, '--yes', '--json', '--match', 'icd10:K1*');
    expect(json(kept)).toMatchObject({
      restore: { existing: 1 },
      comparison: { differentValue: 1, differences: [{ key: 'icd10:K1', difference: 'different-value' }] },
    });
    expect(kept.exitCode).toBe(1);
    const replaced = await migrate(...BETWEEN, '--yes', '--replace', '--match', 'icd10:K1*');
    expect(replaced.exitCode).toBe(0);
    expect(await to.get('icd10:K1')).toMatch(/^1:/);
  });

  it('asks first, and writes nothing when dry', async () => {
    expect(await migrate(...BETWEEN)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/--yes/) });
    const dry = await migrate(...BETWEEN, '--dry-run', '--json');
    expect(json(dry)).toMatchObject({ dryRun: true, restore: { restored: total } });
    expect(await to.dbsize()).toBe(0);
  });

  it('takes no connection string as an argument, and does not repeat one', async () => {
    const run = await migrate('--from', source.connectionString, '--to', 'env:NEW_REDIS', '--yes');
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/never goes on a command line/) });
  });

  it('refuses one and the same server as both ends, and a variable that is not set', async () => {
    const env = { A: source.connectionString, B: `${source.connectionString}/0` };
    const same = await runCodes(['migrate', '--from', 'env:A', '--to', 'env:B', '--yes'], { env });
    expect(same).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/same Redis/) });
    expect(await migrate('--from', 'env:NOBODY', '--to', 'env:NEW_REDIS', '--yes')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/NOBODY is not set/),
    });
  });

  it('tells how long it will take at the plan’s pace, at once and to a pipe', async () => {
    const run = await migrate(...BETWEEN, '--dry-run', '--ops-per-second', '100000', '--json');
    expect(run.stderr).toMatch(
      /514 keys: reading them takes about 1 s \(100,000 operations a second at the source/,
    );
    const asked = await migrate(...BETWEEN, '--ops-per-second', '1');
    expect(asked).toMatchObject({
      exitCode: 2,
      stdout: expect.stringMatching(/copying and comparing them takes about 34 min/),
    });
    expect((await migrate(...BETWEEN, '--dry-run', '--json')).stderr).toMatch(
      /no limit of operations is known/,
    );
  });

  it('copies one database of a server into another, and none into itself', async () => {
    const env = { A: target.connectionString, B: `${target.connectionString}/3` };
    await to.mset('icd10:A', '1', 'icd10:B', '2');
    const third = plainClient(env.B);
    try {
      const run = await runCodes(['migrate', '--from', 'env:A', '--to', 'env:B', '--yes', '--json'], { env });
      expect(json(run)).toMatchObject({ restore: { restored: 2 }, comparison: { same: 2 } });
      expect(await third.dbsize()).toBe(2);
      const same = await runCodes(['migrate', '--from', 'env:B', '--to', 'env:C', '--yes'], {
        env: { ...env, C: env.B.replace('127.0.0.1', 'localhost') },
      });
      expect(same).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/same Redis database/) });
    } finally {
      third.disconnect();
    }
  });

  it.each([
    ['a database that does not exist', '/99', 'default'],
    ['a user who may not SELECT', '/1', 'bound'],
  ])('does not fall back to database 0 for %s', async (_what, path, user) => {
    await to.call('ACL', 'SETUSER', 'bound', 'on', '>pw', '~*', '+@all', '-select');
    const password = user === 'bound' ? 'bound:pw' : 'default:target-password';
    const env = {
      OLD_REDIS: source.connectionString,
      NEW_REDIS: `redis://${password}@127.0.0.1:${target.port}${path}`,
    };
    const run = await runCodes(['migrate', ...BETWEEN, '--yes'], { env });
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /refuses the database number of the connection string; leave the number out/,
      ),
    });
    expect(await to.dbsize()).toBe(0);
  });

  it.each(['-dump', '-scan', '-randomkey', '-dbsize'])(
    'ends at once for a user whom the source refuses (%s), saying what is refused',
    async (refused) => {
      await from.call('ACL', 'SETUSER', 'limited', 'reset', 'on', '>pw', '~*', '+@all', refused);
      const env = {
        OLD_REDIS: `redis://limited:pw@127.0.0.1:${source.port}`,
        NEW_REDIS: target.connectionString,
      };
      const run = await runCodes(['migrate', ...BETWEEN, '--yes'], { env });
      expect(run.exitCode).toBe(1);
      expect(run.stdout + run.stderr).toMatch(new RegExp(`NOPERM.*${refused.slice(1)}`));
    },
  );

  it('rolls up the uses that wait in the source first, and carries none over', async () => {
    const catalog = await SmallCatalog.of();
    try {
      await from.zincrby('usage:demo', 3, 'icd10:Z00.00');
      const told = await migrate(...BETWEEN, '--yes', '--match', 'none');
      expect(told.stderr).toMatch(/stay in the source.*--store/);
      const run = await migrate(...BETWEEN, '--yes', '--json', '--match', 'none', '--store', catalog.url);
      expect(json(run)).toMatchObject({ rolledUp: { teams: 1, uses: 3, failed: 0 } });
      expect(await from.exists('usage:demo')).toBe(0);
      expect(await to.exists('usage:demo')).toBe(0);
      const list = JSON.parse(
        Buffer.from((await catalog.store.get('teams/demo/hot-codes.json'))!).toString(),
      );
      expect(list.codes).toMatchObject([{ code: 'Z00.00', uses: 3 }]);
    } finally {
      await from.unlink('hot:codes:demo');
      catalog.remove();
    }
  });
});
