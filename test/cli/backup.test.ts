import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { TcpProxy } from '../support/tcp-proxy';
import { fillCodes, plainClient } from '../backup/filled-redis';
import { type CliRun, runCodes } from '../support/codes-cli';
import { SmallCatalog } from '../support/small-catalog';

let server: RedisServer;
let client: Redis;
let directory: string;

beforeAll(async () => {
  server = await startRedisServer({ password: 'not-to-be-seen' });
  client = plainClient(server.connectionString);
  await fillCodes(client, 300);
});

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'medical-codes-backup-cli-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

afterAll(async () => {
  client.disconnect();
  await server.stop();
});

async function codes(...args: string[]): Promise<CliRun> {
  const env = { REDIS_CONNECTION_STRING: server.connectionString, CATALOG_STORE: `file:${directory}` };
  const run = await runCodes(args, { env });
  expect(run.stdout + run.stderr).not.toContain('not-to-be-seen');
  return run;
}

const json = (run: CliRun): Record<string, unknown> => JSON.parse(run.stdout);

describe('codes backup', () => {
  it('runs, lists and verifies, for people and as JSON', async () => {
    const made = json(await codes('backup', 'run', '--json'));
    expect(made).toMatchObject({ keys: 300, environment: 'local', parts: [{ keys: 300 }] });
    expect(made.key).toBe(`backups/redis/local/${made.run as string}/manifest.json`);

    const listed = await codes('backup', 'list');
    expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(made.run as string) });
    expect(json(await codes('backup', 'list', '--json')).backups).toMatchObject([
      { run: made.run, complete: true },
    ]);

    const verified = await codes('backup', 'verify');
    expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/is sound: 300 keys/) });
  });

  it.each([
    ['run', '--prefix', '../escape/'],
    ['run', '--prefix', '/escape/'],
    ['list', '--prefix', 'backups/../../escape/'],
    ['verify', '--prefix', 'a//b/'],
  ])('%s refuses the prefix %s %s, which leads out of the store', async (command, option, prefix) => {
    const refused = await codes('backup', command, option, prefix);
    expect(refused).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(`--prefix ${JSON.stringify(prefix)} does not stay inside the store`),
    });
    expect(readdirSync(directory)).toEqual([]);
    expect(existsSync(join(directory, '..', 'escape'))).toBe(false);
  });

  it('names BACKUP_PREFIX where that is what leads out of the store', async () => {
    const env = {
      REDIS_CONNECTION_STRING: server.connectionString,
      CATALOG_STORE: `file:${directory}`,
      BACKUP_PREFIX: '../escape/',
    };
    expect(await runCodes(['backup', 'run'], { env })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('BACKUP_PREFIX "../escape/" does not stay inside the store'),
    });
  });

  it('rolls up the uses that wait first, for no backup holds them', async () => {
    const catalog = await SmallCatalog.of();
    await client.zincrby('usage:demo', 2, 'icd10:Z00.00');
    try {
      const env = { REDIS_CONNECTION_STRING: server.connectionString, CATALOG_STORE: catalog.url };
      const run = await runCodes(['backup', 'run', '--match', 'none'], { env });
      expect(run).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('Rolled up 2 uses of 1 team(s) first'),
      });
      expect(await client.exists('usage:demo')).toBe(0);
    } finally {
      await client.unlink('usage:demo', 'hot:codes:demo');
      catalog.remove();
    }
  });

  it('is made all the same where uses cannot be rolled up, and leaves them where they are', async () => {
    await client.zincrby('usage:demo', 2, 'icd10:Z00.00');
    try {
      const run = await codes('backup', 'run', '--match', 'none', '--json');
      expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/uses of team demo stay/) });
      expect(json(run)).toMatchObject({ rolledUp: { teams: 0, uses: 0, failed: 1 } });
      expect(await client.zscore('{usage:demo}:claimed', 'icd10:Z00.00')).toBe('2');
    } finally {
      await client.unlink('{usage:demo}:claimed');
    }
  });

  it('limits itself to keys that match, and to another prefix, as asked', async () => {
    const made = json(
      await codes(
        'backup',
        'run',
        '--json',
        '--match',
        'icd10:K1?',
        '--match',
        'icd10:K7',
        '--prefix',
        'elsewhere',
      ),
    );
    expect(made).toMatchObject({ keys: 11, key: expect.stringMatching(/^elsewhere\/2/) });
    expect(json(await codes('backup', 'list', '--json')).backups).toEqual([]);
  });

  it('exits 1 and names the part when a backup is damaged', async () => {
    const made = json(await codes('backup', 'run', '--json'));
    const part = join(directory, 'backups/redis/local', made.run as string, 'part-00001.rdump.zst');
    const bytes = readFileSync(part);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(part, bytes);
    const verified = await codes('backup', 'verify', made.run as string, '--json');
    expect(verified.exitCode).toBe(1);
    expect(json(verified)).toMatchObject({ sound: false, problems: [expect.stringMatching(/^part-00001/)] });
  });

  it('says in one line what is missing or unreachable', async () => {
    expect(await codes('backup', 'verify')).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: There is no complete backup below .*`backup run` makes one\.\n$/,
      ),
    });
    expect(await codes('backup', 'verify', 'yesterday')).toMatchObject({ exitCode: 2 });
    expect(await runCodes(['backup', 'run'], { env: { CATALOG_STORE: 'file:/tmp' } })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/REDIS_CONNECTION_STRING/),
    });
    const env = {
      REDIS_CONNECTION_STRING: 'redis://:wrong-password@127.0.0.1:1',
      CATALOG_STORE: `file:${directory}`,
    };
    const unreachable = await runCodes(['backup', 'run', '--json'], { env });
    expect(unreachable.exitCode).toBe(1);
    expect(json(unreachable)).toMatchObject({
      error: { message: expect.stringMatching(/Cannot work with Redis: .*refused/) },
    });
    const wrong = { ...env, REDIS_CONNECTION_STRING: `redis://:wrong-password@127.0.0.1:${server.port}` };
    const refused = await runCodes(['backup', 'run'], { env: wrong });
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/auth/) });
    expect(refused.stderr).not.toContain('wrong-password');
  });

  it('goes on after a dropped connection', async () => {
    const proxy = await TcpProxy.to(server.port);
    proxy.cut({ of: 'requests', afterBytes: 8_000, times: 2 });
    try {
      const connectionString = server.connectionString.replace(/:\d+$/, `:${proxy.port}`);
      const env = { REDIS_CONNECTION_STRING: connectionString, CATALOG_STORE: `file:${directory}` };
      const run = await runCodes(['backup', 'run', '--json'], { env });
      expect(proxy.cuts).toBe(2);
      expect(json(run)).toMatchObject({ keys: 300 });
      expect(run.stderr).toMatch(/trying again/);
    } finally {
      await proxy.close();
    }
  });
});
