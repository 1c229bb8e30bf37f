import type { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { fillCodes, fillEveryType, plainClient } from '../backup/filled-redis';
import { type CliRun, runCodes } from '../support/codes-cli';

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
});
