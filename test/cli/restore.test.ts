import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { fillCodes, fillEveryType, plainClient } from '../backup/filled-redis';
import { type CliRun, runCodes } from '../support/codes-cli';

let source: RedisServer;
let target: RedisServer;
let from: Redis;
let to: Redis;
let directory: string;
let total: number;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'medical-codes-restore-cli-'));
  [source, target] = await Promise.all([startRedisServer(), startRedisServer()]);
  from = plainClient(source.connectionString);
  to = plainClient(target.connectionString);
  total = (await fillEveryType(from)) + 200;
  await fillCodes(from, 200);
  const made = await codes(source, 'backup', 'run');
  expect(made.exitCode).toBe(0);
});

beforeEach(() => to.flushall());

afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  from.disconnect();
  to.disconnect();
  await Promise.all([source.stop(), target.stop()]);
});

function codes(server: RedisServer, ...args: string[]): Promise<CliRun> {
  const env = { REDIS_CONNECTION_STRING: server.connectionString, CATALOG_STORE: `file:${directory}` };
  return runCodes(args, { env });
}

const json = (run: CliRun): Record<string, unknown> => JSON.parse(run.stdout);

describe('codes restore', () => {
  it('does nothing without a yes', async () => {
    const run = await codes(target, 'restore');
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/--yes.*--dry-run/) });
    expect(await to.dbsize()).toBe(0);
  });

  it('says what it would do when dry', async () => {
    expect(json(await codes(target, 'restore', '--dry-run', '--json'))).toMatchObject({
      dryRun: true,
      restore: { restored: total, existing: 0 },
    });
    expect(await to.dbsize()).toBe(0);
  });

  it('restores all, verifies every key, and the second time leaves all alone', async () => {
    const first = await codes(target, 'restore', '--yes', '--verify', '--json');
    expect(json(first)).toMatchObject({
      restore: { restored: total, failed: 0 },
      comparison: { same: total, missing: 0, differentValue: 0, differentExpiry: 0, differences: [] },
    });
    expect(first.exitCode).toBe(0);
    const second = await codes(target, 'restore', '--yes');
    expect(second).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(new RegExp(`key exists\\)\\s+${total}`)),
    });
  });

  it('restores only what matches, and exits 1 when the comparison finds a difference', async () => {
    await to.set('icd10:K3', 'live');
    const run = await codes(target, 'restore', '--yes', '--match', 'icd10:K?', '--verify', '--json');
    expect(json(run)).toMatchObject({
      restore: { restored: 9, existing: 1 },
      comparison: {
        same: 9,
        differentValue: 1,
        differences: [{ key: 'icd10:K3', difference: 'different-value' }],
      },
    });
    expect(run.exitCode).toBe(1);
    const replaced = await codes(target, 'restore', '--yes', '--match', 'icd10:K?', '--verify', '--replace');
    expect(replaced.exitCode).toBe(0);
  });

  it('exits 1 with the remedy when the target is full', async () => {
    const small = await startRedisServer({
      args: ['--maxmemory', '1mb', '--maxmemory-policy', 'noeviction'],
    });
    try {
      const run = await codes(small, 'restore', '--yes');
      expect(run.exitCode).toBe(1);
      expect(run.stdout + run.stderr).toMatch(/memory limit.*Enlarge the plan/);
    } finally {
      await small.stop();
    }
  });

  it('finds a damaged part before the first key is written', async () => {
    const made = json(await codes(source, 'backup', 'run', '--prefix', 'damaged/', '--json'));
    const part = join(directory, 'damaged', made.run as string, 'part-00001.rdump.zst');
    const bytes = readFileSync(part);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(part, bytes);
    const run = await codes(target, 'restore', '--yes', '--prefix', 'damaged/');
    expect(run).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /is damaged: part-00001\.rdump\.zst: its sha256 is .*Nothing was written/,
      ),
    });
    expect(await to.dbsize()).toBe(0);
  });
});
