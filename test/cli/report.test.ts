import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { openOperatorRedis } from '../../cli/operator-redis';
import { neededMb, shortcomings, smallestPlan } from '../../cli/report/advice';
import { estimateOf, familyOf } from '../../cli/report/families';
import { measureFamilies } from '../../cli/report/measure';
import { ASSUMED_PRICES } from '../../cli/report/plans';
import type { Report } from '../../cli/report/report';
import { keys } from '../../lambda/names/keys';
import { createPace } from '../../lambda/snapshot/pace';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { runCodes } from '../support/codes-cli';
import { SmallCatalog } from '../support/small-catalog';

const MB = 1_024 * 1_024;
const CLOCK = { now: Date.now, sleep: () => Promise.resolve() };

describe('a key', () => {
  it('belongs to the family that wrote it', () => {
    expect(
      [
        keys.code('icd10', 'Z00.00'),
        keys.code('cpt', '99213'),
        keys.code('hcpcs', 'J1100'),
        keys.category('cpt', 'surgery'),
        keys.crosswalk('Z00.00'),
        keys.crosswalkPair('Z00.00', '99213'),
        keys.hotCodes('demo'),
        keys.usage('demo'),
        keys.lease(keys.code('cpt', '99213')),
        keys.release,
      ].map(familyOf),
    ).toEqual([
      'icd10',
      'cpt',
      'hcpcs',
      'categories',
      'crosswalk',
      'crosswalk',
      'hotCodes',
      'usage',
      'leases',
      'other',
    ]);
  });

  it('is held against what it was planned to take', () => {
    expect(estimateOf('cpt', 50_000)).toBe(5 * MB);
    expect(estimateOf('icd10', 100_000)).toBe(15 * MB);
    expect(estimateOf('hotCodes', 3)).toBe(3 * 100 * 1_024);
    expect(estimateOf('crosswalk', 10_000)).toBe(2 * MB);
    expect(estimateOf('usage', 1)).toBeUndefined();
  });
});

describe('the smallest plan that fits', () => {
  const demand = { bytes: 20 * MB, connections: 10, opsPerSecond: 20, tls: false, replicated: false };
  const name = (more: Partial<typeof demand>) =>
    smallestPlan(ASSUMED_PRICES.plans, { ...demand, ...more })?.name;

  it('is filled to at most 80 %', () => {
    expect(name({})).toBe('Free 30 MB');
    expect(name({ bytes: 25 * MB })).toBe('Essentials 100 MB');
  });

  it('has room for connections and operations beyond those of the moment', () => {
    expect(name({ connections: 25 })).toBe('Essentials 100 MB');
    expect(name({ opsPerSecond: 90 })).toBe('Essentials 100 MB');
    expect(name({ opsPerSecond: 50_000 })).toBe('Pro at its minimum');
  });

  it('speaks TLS where that is required, and holds every byte twice with a replica', () => {
    expect(name({ tls: true })).toBe('Essentials 100 MB');
    expect(neededMb({ ...demand, bytes: 80 * MB, replicated: true })).toBe(200);
    expect(name({ bytes: 80 * MB, replicated: true })).toBe('Essentials 250 MB');
  });

  it('is none when the list ends before it', () => {
    expect(name({ bytes: 20 * 1_024 * MB })).toBeUndefined();
  });

  it('says what a plan is short of', () => {
    const [free] = ASSUMED_PRICES.plans;
    expect(
      shortcomings(free!, {
        bytes: 90 * MB,
        connections: 30,
        opsPerSecond: 100,
        tls: true,
        replicated: false,
      }),
    ).toEqual(['memory', 'connections', 'operations', 'TLS']);
  });
});

describe('the report', () => {
  let server: RedisServer;
  let admin: Redis;
  let published: SmallCatalog;
  const CODES = 4_000;

  beforeAll(async () => {
    server = await startRedisServer({ password: 'canary-password' });
    admin = new Redis(server.connectionString);
    published = await SmallCatalog.of();
    const pipeline = admin.pipeline();
    for (let code = 0; code < CODES; code += 1) {
      pipeline.set(keys.code('icd10', `A${code}`), 'x'.repeat(100 + (code % 100)), 'EX', 3_600);
    }
    for (let code = 0; code < 250; code += 1) pipeline.set(keys.code('cpt', String(code)), 'y'.repeat(300));
    pipeline.set(keys.hotCodes('demo'), 'z'.repeat(50_000));
    for (let code = 0; code < 500; code += 1) pipeline.zadd(keys.usage('demo'), code, `icd10:A${code}`);
    await pipeline.exec();
    for (let read = 0; read < 90; read += 1) await admin.get(keys.code('icd10', 'A1'));
    for (let read = 0; read < 10; read += 1) await admin.get('icd10:absent');
  });
  afterAll(async () => {
    await admin.quit();
    await server.stop();
    published.remove();
  });

  async function report(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Report> {
    const { stdout, exitCode } = await runCodes(['report', '--json', ...args], {
      env: {
        REDIS_CONNECTION_STRING: server.connectionString,
        CATALOG_STORE: published.store.url,
        PLAN_MEMORY_MB: '30',
        ...env,
      },
    });
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('canary-password');
    return JSON.parse(stdout) as Report;
  }

  it('counts every key of a family and comes close to what the family really takes', async () => {
    const { families, method } = await report();
    const byFamily = new Map(families.map((one) => [one.family, one]));
    expect(method).toBe('MEMORY USAGE');
    expect(byFamily.get('icd10')).toMatchObject({ keys: CODES, sampled: 100 });
    expect(byFamily.get('cpt')?.keys).toBe(250);
    let exact = 0;
    for (let code = 0; code < CODES; code += 1) exact += (await admin.memory('USAGE', `icd10:A${code}`)) ?? 0;
    expect(byFamily.get('icd10')!.bytes / exact).toBeGreaterThan(0.9);
    expect(byFamily.get('icd10')!.bytes / exact).toBeLessThan(1.1);
    expect(byFamily.get('hotCodes')!.bytes).toBeGreaterThan(50_000);
  });

  it('shows use, plan, price and the assumptions behind it', async () => {
    const found = await report();
    expect(found.hitRatio).toMatchObject({ percent: expect.closeTo(90, 0) as number });
    expect(found.memory.planPercent).toBeGreaterThan(3);
    expect(found.plan).toMatchObject({ current: { name: 'Free 30 MB' }, smallest: { name: 'Free 30 MB' } });
    expect(found.monthlyUsd).toEqual({ current: 0, smallest: 0, full: 0 });
    expect(found.prices).toContain('2026-11-22');
  });

  it('takes prices and plans of one’s own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medical-codes-prices-'));
    const file = join(folder, 'prices.json');
    const mine = { name: 'Mine', memoryMb: 64, connections: 0, opsPerSecond: 0, tls: true, monthlyUsd: 3.5 };
    writeFileSync(file, JSON.stringify([mine]));
    const found = await report(['--prices', file]);
    writeFileSync(file, '[{"name":"Mine"}]');
    const bad = await runCodes(['report', '--prices', file], { env: {} });
    rmSync(folder, { recursive: true });
    expect(found.plan.smallest).toEqual(mine);
    expect(bad).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('0.memoryMb') as string });
  });

  it('goes without the catalog, and without a plan, and says so', async () => {
    const found = await report([], { CATALOG_STORE: 'file:/nowhere', PLAN_MEMORY_MB: '' });
    expect(found).toMatchObject({ full: null, memory: { planBytes: null }, plan: { current: null } });
  });

  it('estimates from dumped values where MEMORY USAGE is forbidden', async () => {
    await admin.call('ACL', 'SETUSER', 'poor', 'on', '>pw', '~*', '+@all', '-memory');
    const poor = `redis://poor:pw@127.0.0.1:${server.port}`;
    const [exact, estimated] = [await report(), await report([], { REDIS_CONNECTION_STRING: poor })];
    expect(estimated.method).toBe('DUMP');
    const bytes = (found: Report) => found.families.find(({ family }) => family === 'icd10')!.bytes;
    expect(bytes(estimated) / bytes(exact)).toBeGreaterThan(0.6);
    expect(bytes(estimated) / bytes(exact)).toBeLessThan(1.6);
  });

  it('keeps to its share of the plan’s operations', async () => {
    const redis = await openOperatorRedis(server.connectionString);
    const before = Number(/total_commands_processed:(\d+)/.exec(await admin.info('stats'))![1]);
    let slept = 0;
    let now = 0;
    const clock = { now: () => now, sleep: (ms: number) => ((now += ms), (slept += ms), Promise.resolve()) };
    await measureFamilies({ redis, pace: createPace(50, clock), samples: 20 });
    redis.close();
    const commands = Number(/total_commands_processed:(\d+)/.exec(await admin.info('stats'))![1]) - before;
    // 50 a second: so many commands need so many seconds, but for the last exchange, which nobody waits behind.
    expect(slept / 1_000).toBeGreaterThan((commands - 60) / 50);
    expect(slept).toBeGreaterThan(500);
  });

  it('reads well on a terminal', async () => {
    const { stdout, exitCode } = await runCodes(['report'], {
      env: { REDIS_CONNECTION_STRING: server.connectionString, PLAN_MEMORY_MB: '30' },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/family +keys +memory +per key +of plan +estimate +against it/);
    expect(stdout).toMatch(/ICD-10 codes +4,000/);
    expect(stdout).toContain('Smallest fit:  Free 30 MB, $0 a month');
  });

  it('says in one line that Redis cannot be reached', async () => {
    const { exitCode, stderr } = await runCodes(['report'], {
      env: { REDIS_CONNECTION_STRING: 'redis://u:canary-password@127.0.0.1:1' },
    });
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('canary-password');
  });

  it('counts neither as a hit nor as a miss', async () => {
    const reads = async () => /keyspace_hits:\d+\r\nkeyspace_misses:\d+/.exec(await admin.info('stats'))![0];
    const before = await reads();
    const redis = await openOperatorRedis(server.connectionString);
    const { families } = await measureFamilies({ redis, pace: createPace(0, CLOCK), samples: 10_000 });
    redis.close();
    expect(families.find(({ family }) => family === 'icd10')?.sampled).toBe(CODES);
    expect(await reads()).toBe(before);
  });
});
