import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Invalidation } from '../../lambda/cache/invalidate';
import { CatalogConflict } from '../../lambda/catalog/conflict';
import { readPointer } from '../../lambda/catalog/pointer';
import { publishRelease } from '../../lambda/catalog/publish/publish-release';
import { type Clock, systemClock } from '../../lambda/names/clock';
import { keys } from '../../lambda/names/keys';
import { cacheId } from '../../lambda/redis/cache-id';
import { parseConnectionString } from '../../lambda/redis/connection-string';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { SmallCatalog, type SmallRelease } from '../support/small-catalog';
import { RunningService } from './running-service';

/** A00 is revised in each release but the last, B00 never; C00.9 comes and goes. */
const REVISIONS: Record<string, string> = { r1: 'first', r2: 'second', r3: 'second' };
const CODES = ['A00', 'B00'].flatMap((category) =>
  Array.from({ length: 10 }, (_, digit) => `${category}.${digit}`),
);

function describeIn(release: string, code: string): string | undefined {
  if (code === 'C00.9') return release === 'r2' ? 'comes and goes' : undefined;
  return code.startsWith('A') ? `${code} ${REVISIONS[release]}` : `${code} for ever`;
}

function source(release: string): SmallRelease {
  const codes = [...CODES, 'C00.9', `D00.${release.slice(1)}`];
  const lines = codes.flatMap((code) => {
    const description = code.startsWith('D') ? code : describeIn(release, code);
    return description === undefined ? [] : [`${code},${description},${description},true`];
  });
  return { icd10: lines };
}

/** Nobody is left to wait for: each test starts new readers. */
const AT_ONCE: Clock = { now: Date.now, sleep: () => Promise.resolve() };

let server: RedisServer;
let admin: Redis;
let catalog: SmallCatalog;
const services: RunningService[] = [];

beforeAll(async () => {
  server = await startRedisServer();
  admin = new Redis(server.connectionString);
});
beforeEach(async () => {
  await admin.flushall();
  catalog = new SmallCatalog();
  for (const release of Object.keys(REVISIONS)) await catalog.build(release, source(release));
  await catalog.publish('r1', server.connectionString, AT_ONCE);
});
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
  catalog.remove();
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

function reader(clock: Clock = systemClock): RunningService {
  const service = new RunningService(catalog.store, server.connectionString, { clock });
  services.push(service);
  return service;
}

/** Every code's answer as `release: description`, each held against the source of the release it names. */
async function answers(service: RunningService): Promise<{ releases: Set<string>; caches: Set<string> }> {
  const releases = new Set<string>();
  const caches = new Set<string>();
  for (const code of [...CODES, 'C00.9']) {
    const response = await service.get(`/v1/icd10/${code}`);
    const release = response.headers.get('x-catalog-release') ?? 'none';
    const { description } = (await response.json()) as { description?: string };
    expect([code, release, description]).toEqual([code, release, describeIn(release, code)]);
    releases.add(release);
    caches.add(response.headers.get('x-cache') ?? 'none');
  }
  return { releases, caches };
}

/** Publishes as a process that is killed where it stands. */
async function cutAt(step: string, release: string): Promise<void> {
  const script = join(__dirname, 'publishing-child.ts');
  const child = spawn(
    process.execPath,
    ['--import', require.resolve('tsx'), script, catalog.url, release, server.connectionString, step],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe(`at ${step}\n`);
  child.kill('SIGKILL');
  await once(child, 'close');
}

/** What a minute does to the release key. */
const lapse = (): Promise<number> => admin.del(keys.release);

describe('a publish that is cut off', () => {
  it.each(['announce', 'remove', 'finish'])(
    'at "%s" leaves no answer that is not of the release it names, and heals by itself within a minute',
    async (step) => {
      await answers(reader());
      await cutAt(step, 'r2');
      expect((await readPointer(catalog.store))?.pointer).toMatchObject({ release: 'r2' });
      await answers(reader());
      await lapse();
      expect((await answers(reader())).releases).toEqual(new Set(['r2']));
    },
    60_000,
  );

  it.each(['announce', 'remove'])(
    'at "%s" is made good by a publish of another release, which compares with all that the cache may hold',
    async (step) => {
      await answers(reader());
      await cutAt(step, 'r2');
      const report = await catalog.publish('r3', server.connectionString, AT_ONCE);
      expect(report.cache?.changedKeys).toBeGreaterThan(10);
      const { releases, caches } = await answers(reader());
      expect(releases).toEqual(new Set(['r3']));
      // What never changed is still believed.
      expect(caches).toContain('redis');
    },
    60_000,
  );

  it('is finished by publishing the same release again', async () => {
    await answers(reader());
    await cutAt('remove', 'r2');
    const report = await catalog.publish('r2', server.connectionString, AT_ONCE);
    expect(report).toMatchObject({ switched: false, cache: { removedKeys: 11 } });
    const { releases, caches } = await answers(reader());
    expect(releases).toEqual(new Set(['r2']));
    expect(caches).toContain('redis');
  }, 60_000);
});

describe('a publish that tells no cache', () => {
  it('is noticed within a minute, and nothing that was cached before is taken for new', async () => {
    await answers(reader());
    await catalog.publish('r2');
    await lapse();
    expect((await answers(reader())).releases).toEqual(new Set(['r2']));
  });

  it('is noticed at once by a host that looks', async () => {
    const service = reader();
    await answers(service);
    await catalog.publish('r2');
    await service.lookForRelease();
    expect((await answers(service)).releases).toEqual(new Set(['r2']));
  });

  it('is made good by the next one that does, whichever release that is', async () => {
    await answers(reader());
    await catalog.publish('r2');
    await catalog.publish('r3', server.connectionString, AT_ONCE);
    expect((await answers(reader())).releases).toEqual(new Set(['r3']));
    expect((await readPointer(catalog.store))?.pointer.told).toEqual({
      [cacheId(parseConnectionString(server.connectionString))]: 'r3',
    });
  });
});

describe('two publishers at one time', () => {
  it('leave the cache with the release that the pointer names, and the one overtaken says so', async () => {
    await answers(reader());
    const connection = new RedisConnection(constantSource(server.connectionString), {
      timeouts: PATIENT_TIMEOUTS,
    });
    const invalidation = new Invalidation(connection, 'first', { opsPerSecond: 0 });
    const remove = invalidation.remove.bind(invalidation);
    invalidation.remove = async (removed) => {
      // The other operator rolls back while this one removes keys.
      await catalog.publish('r1', server.connectionString, AT_ONCE);
      return remove(removed);
    };
    const overtaken = publishRelease(catalog.store, 'r2', { now: () => new Date(), cache: invalidation });
    await expect(overtaken).rejects.toThrow(CatalogConflict);
    await expect(overtaken).rejects.toThrow('r1 is live now');
    connection.close();
    for (let round = 0; round < 2; round += 1) {
      expect((await answers(reader())).releases).toEqual(new Set(['r1']));
      await lapse();
    }
  });
});

describe('poison in Redis', () => {
  const frames = async (): Promise<void> => {
    await answers(reader());
    const list = await reader().get('/v1/icd10/categories/A00');
    expect(list.status).toBe(200);
    await reader().get('/v1/icd10/categories/B00');
  };

  it.each<[string, () => Promise<unknown>]>([
    ['nonsense', () => admin.set(keys.release, 'nonsense')],
    ['an empty string', () => admin.set(keys.release, '')],
    ['a list', async () => (await admin.del(keys.release), admin.rpush(keys.release, 'x'))],
    ['a release that does not exist', () => admin.set(keys.release, 'r9#abc')],
    ['the value of another key', async () => admin.copy('icd10:A00.0', keys.release, 'REPLACE')],
  ])(
    'as the release key, %s: keeps nobody from the live release, and is overwritten',
    async (_what, poison) => {
      await frames();
      await poison();
      expect((await answers(reader())).releases).toEqual(new Set(['r1']));
      expect(await admin.ttl(keys.release)).toBeGreaterThan(0);
    },
  );

  it.each<[string, () => Promise<unknown>]>([
    ['nonsense', () => admin.set(keys.told, 'nonsense')],
    ['a stamp of nowhere', () => admin.set(keys.told, '77')],
    ['a list', async () => (await admin.del(keys.told), admin.rpush(keys.told, 'x'))],
  ])('as the note of what the cache was told, %s: is not believed, and goes', async (_what, poison) => {
    await frames();
    await poison();
    await lapse();
    expect((await answers(reader())).releases).toEqual(new Set(['r1']));
    expect(await admin.exists(keys.told)).toBe(0);
  });

  it('as the release key, a former release without expiry: is believed for a minute at most', async () => {
    await frames();
    const former = await admin.dumpBuffer(keys.release);
    await catalog.publish('r2', server.connectionString, AT_ONCE);
    await admin.restore(keys.release, 0, former, 'REPLACE');
    // Within its minute it is as good as a process that has not looked yet; every answer is of the release it names.
    await answers(reader());
    expect((await answers(reader(ahead(61_000)))).releases).toEqual(new Set(['r2']));
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a list of another category', () => admin.copy('icd10:category:B00', 'icd10:category:A00', 'REPLACE')],
    ['a record as a list', () => admin.copy('icd10:A00.1', 'icd10:category:A00', 'REPLACE')],
    [
      'plain JSON',
      () => admin.set('icd10:category:A00', '[{"code":"A00.0","shortDescription":"x","billable":true}]'),
    ],
    ['a number', () => admin.set('icd10:category:A00', '1')],
    [
      'a hash',
      async () => (await admin.del('icd10:category:A00'), admin.hset('icd10:category:A00', 'a', 'b')),
    ],
    ['more than any value has', () => admin.setrange('icd10:category:A00', 30_000_000, 'x')],
  ])('under a category, %s: is a miss, and is overwritten', async (_what, poison) => {
    await frames();
    await poison();
    const response = await reader().get('/v1/icd10/categories/A00');
    const { codes } = (await response.json()) as { codes: { code: string }[] };
    expect(codes.map(({ code }) => code)).toEqual(CODES.slice(0, 10));
    expect((await reader().get('/v1/icd10/categories/A00')).headers.get('x-cache')).toBe('redis');
  });

  it('without expiry: is believed no longer than it says itself', async () => {
    await frames();
    await admin.persist('icd10:A00.0');
    expect((await reader(ahead(3_601_000)).get('/v1/icd10/A00.0')).headers.get('x-cache')).toBe('miss');
    expect(await admin.ttl('icd10:A00.0')).toBe(3_600);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a token without expiry', () => admin.set(keys.lease('icd10:A00.0'), 'nobody')],
    ['a list', () => admin.rpush(keys.lease('icd10:A00.0'), 'x')],
  ])('at a lease, %s: keeps nobody from filling its key', async (_what, poison) => {
    await poison();
    expect((await reader().get('/v1/icd10/A00.0')).headers.get('x-cache')).toBe('miss');
    expect((await reader().get('/v1/icd10/A00.0')).headers.get('x-cache')).toBe('redis');
  });
});

describe('hot lists', () => {
  it('list no code that the live release does not hold, also of teams that use nothing any more', async () => {
    await catalog.publish('r2', server.connectionString, AT_ONCE);
    const code = (rank: number, name: string) =>
      ({ rank, type: 'icd10', code: name, shortDescription: `${name} second`, uses: 9 - rank }) as const;
    await catalog.putHotCodes({
      teamId: 'idle',
      generatedAt: '2026-01-01T00:00:00.000Z',
      codes: [code(1, 'C00.9'), code(2, 'A00.1')],
    });
    const list = async (): Promise<unknown> => (await reader().get('/v1/teams/idle/hot-codes')).json();
    expect(await list()).toMatchObject({ codes: [{ code: 'C00.9' }, { code: 'A00.1' }] });
    await catalog.publish('r1', server.connectionString, AT_ONCE);
    expect(await list()).toMatchObject({
      codes: [{ rank: 1, code: 'A00.1', shortDescription: 'A00.1 first', uses: 7 }],
    });
  });
});

/** A clock that is ahead of this machine's. */
function ahead(ms: number): Clock {
  return { now: () => Date.now() + ms, sleep: (pause) => systemClock.sleep(pause) };
}
