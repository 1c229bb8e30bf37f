import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { OTHER_RELEASE } from '../../lambda/backup/release-rule';
import type { Clock } from '../../lambda/names/clock';
import { keys } from '../../lambda/names/keys';
import { stringStart } from '../../lambda/snapshot/payload-string';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { type CliRun, runCodes } from '../support/codes-cli';
import { SmallCatalog } from '../support/small-catalog';
import { RunningService } from './running-service';

const CODES = ['A00', 'B00'].flatMap((category) =>
  Array.from({ length: 5 }, (_, digit) => `${category}.${digit}`),
);
const AT_ONCE: Clock = { now: Date.now, sleep: () => Promise.resolve() };

function describeIn(release: string, code: string): string {
  return code.startsWith('A') ? `${code} in ${release}` : `${code} for ever`;
}

let server: RedisServer;
let other: RedisServer;
let admin: Redis;
let catalog: SmallCatalog;

beforeAll(async () => {
  [server, other] = await Promise.all([startRedisServer(), startRedisServer()]);
  admin = new Redis(server.connectionString);
});
beforeEach(async () => {
  await admin.flushall();
  catalog = new SmallCatalog();
  for (const release of ['r1', 'r2']) {
    const lines = CODES.map((code) => `${code},x,${describeIn(release, code)},true`);
    await catalog.build(release, { icd10: lines });
  }
  await catalog.publish('r1', server.connectionString, AT_ONCE);
});
afterEach(() => catalog.remove());
afterAll(async () => {
  admin.disconnect();
  await Promise.all([server.stop(), other.stop()]);
});

/** Where the answers of a process came from, each held against the source of the release that it names. */
async function answers(redis: RedisServer = server): Promise<{ releases: Set<string>; caches: Set<string> }> {
  const service = new RunningService(catalog.store, redis.connectionString);
  const releases = new Set<string>();
  const caches = new Set<string>();
  for (const code of CODES) {
    const response = await service.get(`/v1/icd10/${code}`);
    const release = response.headers.get('x-catalog-release') ?? 'none';
    const { description } = (await response.json()) as { description: string };
    expect([code, release, description]).toEqual([code, release, describeIn(release, code)]);
    releases.add(release);
    caches.add(response.headers.get('x-cache') ?? 'none');
  }
  await service.close();
  return { releases, caches };
}

const codes = (args: string[]): Promise<CliRun> =>
  runCodes([...args, '--store', catalog.url, '--prefix', 'backups/test/', '--json'], {
    env: { REDIS_CONNECTION_STRING: server.connectionString },
  });

describe('a backup taken under another release', () => {
  it('brings nothing in that the live release does not have, and says what it left out', async () => {
    await answers();
    expect((await codes(['backup', 'run'])).exitCode).toBe(0);
    await catalog.publish('r2', server.connectionString, AT_ONCE);
    const run = await codes(['restore', '--replace', '--verify', '--yes']);
    expect([run.exitCode, run.stderr.replace(/.*checking.*\n/g, '')]).toEqual([0, '']);
    expect(JSON.parse(run.stdout)).toMatchObject({
      restore: { restored: 0, leftOut: { [OTHER_RELEASE]: CODES.length } },
      comparison: { missing: 0, differentValue: 0 },
    });
    expect((await answers()).releases).toEqual(new Set(['r2']));
  });

  it('foresees the same when dry', async () => {
    await answers();
    await codes(['backup', 'run']);
    await catalog.publish('r2', server.connectionString, AT_ONCE);
    const run = await codes(['restore', '--dry-run']);
    expect(JSON.parse(run.stdout)).toMatchObject({
      restore: { restored: 0, leftOut: { [OTHER_RELEASE]: CODES.length } },
    });
  });
});

describe('a backup taken under the same release', () => {
  it('is served as soon as it is back', async () => {
    await answers();
    await codes(['backup', 'run']);
    await admin.flushall();
    const run = await codes(['restore', '--verify', '--yes']);
    expect(JSON.parse(run.stdout)).toMatchObject({ restore: { restored: CODES.length, leftOut: {} } });
    expect(await answers()).toEqual({ releases: new Set(['r1']), caches: new Set(['redis']) });
  });
});

describe('a migration', () => {
  it('from a Redis on another release leaves its values there', async () => {
    await catalog.publish('r2', other.connectionString, AT_ONCE);
    await answers(other);
    await catalog.publish('r1', server.connectionString, AT_ONCE);
    await answers();
    const migrated = await runCodes(
      ['migrate', '--from', 'env:OTHER', '--to', 'env:HERE', '--replace', '--yes', '--json'],
      { env: { OTHER: other.connectionString, HERE: server.connectionString } },
    );
    expect(migrated.exitCode).toBe(0);
    expect(JSON.parse(migrated.stdout)).toMatchObject({
      restore: { restored: 0, leftOut: { [OTHER_RELEASE]: CODES.length } },
    });
    expect((await answers()).releases).toEqual(new Set(['r1']));
  });
});

describe('the first bytes of a dumped string', () => {
  it('are those of the value, however Redis packs it', async () => {
    const values = [
      Buffer.from('x'),
      Buffer.from('short text'),
      randomBytes(63),
      randomBytes(64),
      randomBytes(20_000),
      Buffer.alloc(5_000, 'a'),
      Buffer.from('abcabcabcabc'.repeat(400)),
      Buffer.concat([randomBytes(20), Buffer.alloc(300, 7), randomBytes(20)]),
    ];
    for (const value of values) {
      await admin.set('value', value);
      const start = stringStart(await admin.dumpBuffer('value'), 12);
      expect(start?.toString('hex')).toBe(value.subarray(0, 12).toString('hex'));
    }
    await admin.set('value', '12345');
    expect(stringStart(await admin.dumpBuffer('value'), 12)).toBeUndefined();
    await admin.del('value', keys.release);
    await admin.rpush('value', 'x');
    expect(stringStart(await admin.dumpBuffer('value'), 12)).toBeUndefined();
  });
});
