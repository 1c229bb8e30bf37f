import { Readable } from 'node:stream';
import { Redis } from 'ioredis';
import { OTHER_RELEASE, UNNAMED_RELEASE } from '../../lambda/backup/release-rule';
import { encodeFrame } from '../../lambda/cache/frames';
import { backupRecords } from '../../lambda/backup/backup-records';
import { liveRecords } from '../../lambda/backup/live-records';
import { openBackup } from '../../lambda/backup/open-backup';
import { restoreAll } from '../../lambda/backup/restore-all';
import type { Clock } from '../../lambda/names/clock';
import { keys } from '../../lambda/names/keys';
import { MAX_BATCH_KEYS } from '../../lambda/snapshot/batch-sizer';
import type { Pace } from '../../lambda/snapshot/pace';
import { rdbVersion } from '../../lambda/snapshot/payload';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { bulkTo } from '../backup/filled-redis';
import { unpaced } from '../backup/two-servers';
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
let elsewhere: Redis;
let catalog: SmallCatalog;

beforeAll(async () => {
  [server, other] = await Promise.all([startRedisServer(), startRedisServer()]);
  admin = new Redis(server.connectionString);
  elsewhere = new Redis(other.connectionString);
});
beforeEach(async () => {
  await Promise.all([admin.flushall(), elsewhere.flushall()]);
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
  elsewhere.disconnect();
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

const exactly = (count: number) => () => ({ keys: count, exact: true });

/** What a minute without a lookup does to the release key. */
const lapse = (): Promise<number> => admin.del(keys.release);
const dropValues = (): Promise<number> => admin.unlink(CODES.map((code) => keys.code('icd10', code)));

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

describe('a target that had no lookup for a minute', () => {
  beforeEach(async () => {
    await answers();
    await codes(['backup', 'run']);
  });

  it('takes the values of the release that it was told of, which are then served', async () => {
    await dropValues();
    await lapse();
    const dry = await codes(['restore', '--dry-run']);
    expect(JSON.parse(dry.stdout)).toMatchObject({ restore: { restored: CODES.length, leftOut: {} } });
    const run = await codes(['restore', '--verify', '--yes']);
    expect(JSON.parse(run.stdout)).toMatchObject({
      restore: { restored: CODES.length, leftOut: {} },
      comparison: { same: CODES.length, leftOut: 0 },
    });
    expect(await answers()).toEqual({ releases: new Set(['r1']), caches: new Set(['redis']) });
  });

  it('has all of them compared, so that a value that differs is found', async () => {
    await lapse();
    await admin.set(keys.code('icd10', 'A00.0'), 'something else', 'EX', 3_000);
    const run = await codes(['restore', '--verify', '--yes']);
    expect(JSON.parse(run.stdout)).toMatchObject({ comparison: { differentValue: 1, leftOut: 0 } });
    expect(run.exitCode).toBe(1);
  });

  it('takes none of a former release, and says why', async () => {
    await catalog.publish('r2', server.connectionString, AT_ONCE);
    await lapse();
    const run = await codes(['restore', '--replace', '--verify', '--yes']);
    expect(JSON.parse(run.stdout)).toMatchObject({
      restore: { restored: 0, leftOut: { [UNNAMED_RELEASE]: CODES.length } },
      comparison: { same: 0, missing: 0, leftOut: CODES.length },
    });
    expect(run.exitCode).toBe(0);
    expect((await answers()).releases).toEqual(new Set(['r2']));
  });

  it('takes none for a former release key that came back beside the note of a later one', async () => {
    const former = await admin.getBuffer(keys.release);
    await catalog.publish('r2', server.connectionString, AT_ONCE);
    await admin.set(keys.release, former!);
    const run = await codes(['restore', '--replace', '--yes']);
    expect(JSON.parse(run.stdout)).toMatchObject({
      restore: { restored: 0, leftOut: { [UNNAMED_RELEASE]: CODES.length } },
    });
    expect((await answers()).releases).toEqual(new Set(['r2']));
  });
});

describe('a target that says nothing of releases', () => {
  beforeEach(async () => {
    await answers();
    await codes(['backup', 'run']);
    await admin.flushall();
  });

  it.each(['nothing', 'a release key of another type'])(
    'holds %s: the catalog of the backup says what may come',
    async (held) => {
      await catalog.publish('r2');
      if (held !== 'nothing') await admin.rpush(keys.release, 'x');
      for (const how of ['--dry-run', '--verify']) {
        const run = await codes(['restore', how, '--yes']);
        expect([how, run.exitCode, JSON.parse(run.stdout)]).toMatchObject([
          how,
          0,
          { restore: { restored: 0, leftOut: { [OTHER_RELEASE]: CODES.length } } },
        ]);
      }
      expect((await answers()).releases).toEqual(new Set(['r2']));
    },
  );

  it('holds a release key that has outlived its minute: it is not asked any more', async () => {
    const former = { release: 'r0', stamp: 7, recent: [7], told: true, mark: 'former' };
    const frame = encodeFrame(keys.release, former, { expiresAt: Date.now() - 5_000, stamp: 7, plain: true });
    await admin.set(keys.release, frame);
    const run = await codes(['restore', '--verify', '--yes']);
    expect(JSON.parse(run.stdout)).toMatchObject({ restore: { restored: CODES.length, leftOut: {} } });
    expect(await answers()).toEqual({ releases: new Set(['r1']), caches: new Set(['redis']) });
  });

  it('is not what a user sees who may not read the release key: nothing is written', async () => {
    await catalog.publish('r2', server.connectionString, AT_ONCE);
    await admin.call('ACL', 'SETUSER', 'limited', 'reset', 'on', '>pw', '~*', '+@all', '-get');
    const run = await runCodes(['restore', '--store', catalog.url, '--prefix', 'backups/test/', '--yes'], {
      env: { REDIS_CONNECTION_STRING: `redis://limited:pw@127.0.0.1:${server.port}` },
    });
    expect(run).toMatchObject({ exitCode: 1 });
    expect(run.stdout + run.stderr).toMatch(/NOPERM.*get/);
    // The same where the right is taken away after the first look.
    const session = bulkTo(`redis://limited:pw@127.0.0.1:${server.port}`);
    const backup = await openBackup(catalog.store, 'backups/test/');
    try {
      const report = await restoreAll(
        session,
        { records: () => backupRecords(catalog.store, backup), total: exactly(CODES.length) },
        { replace: false, pace: unpaced, newest: backup.manifest.redis.rdbVersion },
      );
      expect(report).toMatchObject({ restored: 0, failed: CODES.length });
    } finally {
      session.close();
    }
    expect(await admin.exists(keys.code('icd10', 'A00.0'))).toBe(0);
  });
});

describe('a publish in the middle of a restore', () => {
  it('lets in what is written before and removes what changed, and lets nothing of the former release in after', async () => {
    await answers();
    const session = bulkTo(server.connectionString);
    const records = await Array.fromAsync(liveRecords(session, unpaced, ['icd10:*']));
    // A batch before the publish and one after it hold the same mix of codes that change and that do not.
    const half = (odd: number) => records.filter((_, index) => index % 2 === odd);
    const filler = Array.from({ length: MAX_BATCH_KEYS - half(0).length }, (_, index) => ({
      ...records[0]!,
      key: Buffer.from(`filler:${index}`),
    }));
    await dropValues();
    let asked = 0;
    // A batch asks its pace before it looks at the clock, and before it writes.
    const pace: Pace = {
      ...unpaced,
      async take() {
        asked += 1;
        if (asked === 4) await catalog.publish('r2', server.connectionString, AT_ONCE);
      },
    };
    try {
      const report = await restoreAll(
        session,
        {
          records: () => Readable.from([...half(0), ...filler, ...half(1)]),
          total: exactly(MAX_BATCH_KEYS + half(1).length),
        },
        { replace: false, pace, newest: rdbVersion(records[0]!.payload) },
      );
      expect(report).toMatchObject({
        restored: MAX_BATCH_KEYS,
        leftOut: { [OTHER_RELEASE]: half(1).length },
      });
    } finally {
      session.close();
    }
    expect((await answers()).releases).toEqual(new Set(['r2']));
  });
});

describe('a migration', () => {
  const migrate = (...args: string[]): Promise<CliRun> =>
    runCodes(['migrate', '--from', 'env:OTHER', '--to', 'env:HERE', '--yes', '--json', ...args], {
      env: { OTHER: other.connectionString, HERE: server.connectionString },
    });

  it('from a Redis on another release leaves its values there', async () => {
    await catalog.publish('r2', other.connectionString, AT_ONCE);
    await answers(other);
    await catalog.publish('r1', server.connectionString, AT_ONCE);
    await answers();
    const migrated = await migrate('--replace');
    expect(migrated.exitCode).toBe(0);
    expect(JSON.parse(migrated.stdout)).toMatchObject({
      restore: { restored: 0, leftOut: { [OTHER_RELEASE]: CODES.length } },
    });
    expect((await answers()).releases).toEqual(new Set(['r1']));
  });

  it('from a Redis on the same release brings values that are served at once, also to one that nobody asked for a minute', async () => {
    await catalog.publish('r1', other.connectionString, AT_ONCE);
    await answers(other);
    await lapse();
    expect(JSON.parse((await migrate()).stdout)).toMatchObject({
      restore: { restored: CODES.length, leftOut: {} },
      comparison: { same: CODES.length, leftOut: 0 },
    });
    expect(await answers()).toEqual({ releases: new Set(['r1']), caches: new Set(['redis']) });
  });
});
