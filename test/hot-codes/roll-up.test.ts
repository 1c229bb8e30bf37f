import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Redis from 'ioredis';
import { FileStore } from '../../lambda/store/file-store';
import { layout } from '../../lambda/catalog/layout';
import { HALF_LIFE_MS } from '../../lambda/hot-codes/decay';
import { type HotCodesDocument, hotCodesDocumentSchema } from '../../lambda/hot-codes/hot-codes-document';
import { rollUp, type RollUpHost } from '../../lambda/hot-codes/roll-up';
import { type RedisServer, startRedisServer } from '../../local/redis-server';

let server: RedisServer;
let redis: Redis;
let directory: string;
let store: FileStore;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.connectionString);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(async () => {
  await redis.flushall();
  directory = await mkdtemp(join(tmpdir(), 'hot-codes-'));
  store = new FileStore(directory);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function host(overrides: Partial<RollUpHost> = {}): RollUpHost {
  return {
    redis,
    store,
    release: () => Promise.resolve('r1'),
    describe: (members) =>
      Promise.resolve(new Map(members.map((member) => [member, { shortDescription: `about ${member}` }]))),
    refresh: () => Promise.resolve(),
    now: () => new Date('2026-01-01T00:00:00Z'),
    ...overrides,
  };
}

async function stored(): Promise<HotCodesDocument> {
  const body = await store.get(layout.hotCodes('demo'));
  return hotCodesDocumentSchema.parse(JSON.parse(Buffer.from(body ?? []).toString()));
}

const use = (code: string, times: number): Promise<string> => redis.zincrby('usage:demo', times, code);

test('the most used code ranks first, with its description', async () => {
  await use('cpt:99213', 2);
  await use('icd10:Z00.00', 5);
  expect(await rollUp(host(), 'demo')).toEqual({ teamId: 'demo', uses: 7, codes: 2 });
  expect((await stored()).codes).toEqual([
    { rank: 1, type: 'icd10', code: 'Z00.00', shortDescription: 'about icd10:Z00.00', uses: 5 },
    { rank: 2, type: 'cpt', code: '99213', shortDescription: 'about cpt:99213', uses: 2 },
  ]);
  expect(await redis.keys('*')).toEqual([]);
});

test('what was used half a life ago counts half beside what is used now', async () => {
  await use('icd10:Z00.00', 8);
  await rollUp(host(), 'demo');
  await use('cpt:99213', 5);
  const later = new Date(Date.parse('2026-01-01T00:00:00Z') + HALF_LIFE_MS);
  await rollUp(host({ now: () => later }), 'demo');
  expect((await stored()).codes.map(({ code, uses }) => [code, uses])).toEqual([
    ['99213', 5],
    ['Z00.00', 4],
  ]);
});

test('a code that left the release is not listed, and is again when it returns', async () => {
  await use('icd10:M54.5', 9);
  await use('icd10:Z00.00', 1);
  await rollUp(host(), 'demo');
  await use('icd10:Z00.00', 1);
  const gone: RollUpHost['describe'] = (members) =>
    Promise.resolve(
      new Map(
        members.filter((each) => each !== 'icd10:M54.5').map((each) => [each, { shortDescription: 'text' }]),
      ),
    );
  await rollUp(host({ describe: gone, release: () => Promise.resolve('r2') }), 'demo');
  expect((await stored()).codes.map(({ code }) => code)).toEqual(['Z00.00']);
  await use('icd10:Z00.00', 1);
  await rollUp(host({ release: () => Promise.resolve('r3') }), 'demo');
  expect((await stored()).codes.map(({ code }) => code)).toEqual(['M54.5', 'Z00.00']);
});

test('descriptions known from the same release are not looked up again', async () => {
  await use('icd10:Z00.00', 1);
  await rollUp(host(), 'demo');
  await use('icd10:Z00.00', 1);
  await use('cpt:99213', 1);
  const asked: string[] = [];
  const describe: RollUpHost['describe'] = (members) => {
    asked.push(...members);
    return host().describe(members);
  };
  await rollUp(host({ describe }), 'demo');
  expect(asked).toEqual(['cpt:99213']);
});

test('uses of a code that never existed are dropped', async () => {
  await use('icd10:Z99.999', 50);
  await use('icd10:Z00.00', 1);
  const describe: RollUpHost['describe'] = (members) =>
    Promise.resolve(
      new Map(
        members
          .filter((each) => each !== 'icd10:Z99.999')
          .map((each) => [each, { shortDescription: 'text' }]),
      ),
    );
  await rollUp(host({ describe }), 'demo');
  const { codes, scores } = await stored();
  expect(codes.map(({ code }) => code)).toEqual(['Z00.00']);
  expect(scores).toEqual({ 'icd10:Z00.00': 1 });
});

test('two roll-ups at once count every use once', async () => {
  await use('icd10:Z00.00', 10);
  await Promise.all([rollUp(host(), 'demo'), rollUp(host(), 'demo'), rollUp(host(), 'demo')]);
  expect((await stored()).codes.map(({ uses }) => uses)).toEqual([10]);
});

test('a damaged list is left for a person to look at, and the counts stay', async () => {
  await store.put(layout.hotCodes('demo'), Buffer.from('{"teamId":'));
  await use('icd10:Z00.00', 3);
  await expect(rollUp(host(), 'demo')).rejects.toThrow(/restore its previous version/);
  expect(await redis.zscore('{usage:demo}:claimed', 'icd10:Z00.00')).toBe('3');
});

/** Runs one roll-up in a process that dies at a gate; answers how many gates it passed, or undefined if it died. */
async function rollUpInChild(killAt: number): Promise<number | undefined> {
  const child = spawn(
    process.execPath,
    ['--import', require.resolve('tsx'), join(__dirname, 'roll-up-child.ts')],
    {
      env: {
        PATH: process.env.PATH,
        REDIS_URL: server.connectionString,
        STORE_DIR: directory,
        KILL_AT: String(killAt),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (signal === 'SIGKILL') return undefined;
  expect(code).toBe(0);
  return Number(output);
}

test('killed between any two steps, a roll-up loses no use and counts none twice', async () => {
  await use('icd10:Z00.00', 1);
  const gates = (await rollUpInChild(0)) ?? 0;
  expect(gates).toBeGreaterThanOrEqual(12);
  for (let killAt = 1; killAt <= gates; killAt += 1) {
    await redis.flushall();
    await store.delete(layout.hotCodes('demo'));
    await use('icd10:Z00.00', 7);
    expect(await rollUpInChild(killAt)).toBeUndefined();
    await use('icd10:Z00.00', 4);
    // The first run goes on with what was left behind, the second takes the uses since.
    await rollUp(host(), 'demo');
    await rollUp(host(), 'demo');
    const { codes } = await stored();
    expect({ killAt, uses: codes[0]?.uses }).toEqual({ killAt, uses: 11 });
    expect(await redis.keys('*usage*')).toEqual([]);
  }
});
