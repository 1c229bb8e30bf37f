import { readPointer } from '../../../lambda/catalog/pointer';
import type { StillLive } from '../../../lambda/cache/invalidate';
import type { LiveRelease } from '../../../lambda/cache/release-mark';
import type { CacheInvalidation } from '../../../lambda/catalog/publish/publish-host';
import { publishRelease, type PublishReport } from '../../../lambda/catalog/publish/publish-release';
import { listReleases } from '../../../lambda/catalog/releases';
import { rollbackTarget } from '../../../lambda/catalog/publish/rollback';
import type { ObjectStore } from '../../../lambda/store/object-store';
import { SmallCatalog } from '../../support/small-catalog';
import { orderLine } from '../../support/source-lines';
import { WatchedStore } from '../../support/watched-store';

/** The cache's side, written down as it is told. */
class ToldCache implements CacheInvalidation {
  readonly id = '0123456789abcdef';
  readonly told: string[] = [];
  failing: string | undefined;
  stamp: number | undefined;
  servers = ['one'];
  onAnnounce: () => Promise<void> = () => Promise.resolve();

  toldStamp = async (): Promise<number | undefined> => {
    await this.#tell('reach');
    return this.stamp;
  };
  server = (): Promise<string | undefined> =>
    Promise.resolve(this.servers.length > 1 ? this.servers.shift() : this.servers[0]);
  announce = async ({ release }: LiveRelease, stillLive: StillLive): Promise<boolean> => {
    await this.onAnnounce();
    if (!(await stillLive())) return false;
    await this.#tell(`announce ${release}`);
    return true;
  };
  remove = async (keys: readonly string[]): Promise<number> => {
    await this.#tell(`remove ${[...keys].sort().join(' ')}`);
    return keys.length - 1;
  };
  finish = async ({ release, stamp }: LiveRelease, stillLive: StillLive): Promise<boolean> => {
    if (!(await stillLive())) return false;
    await this.#tell(`finish ${release}`);
    this.stamp = stamp;
    return true;
  };
  grace = (): Promise<void> => this.#tell('grace');

  #tell(what: string): Promise<void> {
    if (this.failing !== undefined && what.startsWith(this.failing))
      return Promise.reject(new Error('Redis is out'));
    this.told.push(what);
    return Promise.resolve();
  }
}

let space: SmallCatalog;
let cache: ToldCache;
beforeEach(async () => {
  space = new SmallCatalog();
  cache = new ToldCache();
  await build('r1', [orderLine('A00', 0, 'Cholera'), orderLine('B00', 1, 'Herpes')]);
  await build('r2', [orderLine('A00', 0, 'Cholera, revised'), orderLine('B00', 1, 'Herpes')]);
});
afterEach(() => space.remove());

const build = async (release: string, lines: string[]): Promise<void> => {
  await space.buildFrom(release, { icd10: [space.file(`${release}.txt`, lines.join(''))] });
};
const publish = (release: string, store: ObjectStore = space.store): Promise<PublishReport> =>
  publishRelease(store, release, { now: () => new Date('2026-01-01T00:00:00Z'), cache });
const live = async (): Promise<string | undefined> => (await readPointer(space.store))?.pointer.release;

test('publishing switches the pointer, announces, removes exactly what changed, and waits', async () => {
  await space.publish('r1');
  let liveWhenAnnounced: string | undefined;
  cache.onAnnounce = async () => void (liveWhenAnnounced = await live());
  const report = await publish('r2');
  expect(report).toMatchObject({
    release: 'r2',
    previous: 'r1',
    switched: true,
    objectsVerified: 2,
    cache: { changedKeys: 2, removedKeys: 1 },
  });
  expect(cache.told).toEqual([
    'reach',
    'announce r2',
    'remove icd10:A00 icd10:category:A00',
    'finish r2',
    'grace',
  ]);
  expect(liveWhenAnnounced).toBe('r2');
  expect((await readPointer(space.store))?.pointer).toMatchObject({
    release: 'r2',
    previous: 'r1',
    publishedAt: '2026-01-01T00:00:00.000Z',
    manifestSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a release that begins only later says so, for until then it answers nothing', async () => {
  const edition = (from: string): { path: string; from: string } => ({
    from,
    path: space.file(`${from}.txt`, orderLine('A00', 1, `Cholera of ${from}`)),
  });
  await space.buildFrom('later', { icd10: [edition('2026-10-01')] });
  await space.buildFrom('both', { icd10: [edition('2026-10-01'), edition('2025-10-01')] });
  expect((await publish('later')).warnings).toEqual([
    expect.stringContaining('ICD-10-CM begins on 2026-10-01 in this release'),
  ]);
  expect((await publish('both')).warnings).toEqual([]);
});

test('before the first publish a cache holds nothing that would be believed, so nothing is removed', async () => {
  expect((await publish('r1')).cache).toEqual({ changedKeys: 0, removedKeys: 0 });
  expect(cache.told).toEqual(['reach', 'announce r1', 'finish r1', 'grace']);
});

test.each([
  ['damaged', (body: Uint8Array | undefined) => body?.subarray(1), 'icd10/B00.json.gz is damaged'],
  ['missing', () => undefined, 'icd10/B00.json.gz is missing'],
])('a release with a %s object is not published', async (_what, alter, reason) => {
  await space.publish('r1');
  const store = new WatchedStore(space.store);
  store.alter = (key, body) => (key.endsWith('r2/icd10/B00.json.gz') ? alter(body) : body);
  await expect(publish('r2', store)).rejects.toThrow(reason);
  expect(await live()).toBe('r1');
  expect(cache.told).toEqual(['reach']);
});

test('when somebody else publishes meanwhile, the loser says so and changes nothing', async () => {
  await space.publish('r1');
  await build('r3', [orderLine('C00', 1, 'x')]);
  const store = new WatchedStore(space.store);
  let raced = false;
  store.get = async (key) => {
    if (!raced) {
      raced = true;
      await space.publish('r3');
    }
    return space.store.get(key);
  };
  await expect(publish('r2', store)).rejects.toThrow('r3 is live now. Nothing was changed here');
  expect(await live()).toBe('r3');
  expect(cache.told).toEqual(['reach']);
});

test('without the cache in reach nothing is published, and --no-cache is named', async () => {
  await space.publish('r1');
  cache.failing = 'reach';
  await expect(publish('r2')).rejects.toThrow(/cannot be reached \(Redis is out\).*--no-cache/);
  expect(await live()).toBe('r1');
});

test.each(['announce', 'remove', 'finish'])(
  'when the cache fails at "%s", publishing again finishes the work',
  async (step) => {
    await space.publish('r1');
    cache.failing = step;
    await expect(publish('r2')).rejects.toThrow('"catalog publish --release r2" again to finish');
    expect(await live()).toBe('r2');
    cache.failing = undefined;
    cache.told.length = 0;
    const report = await publish('r2');
    expect(report).toMatchObject({ switched: false, previous: 'r1' });
    expect(cache.told).toEqual([
      'reach',
      'announce r2',
      'remove icd10:A00 icd10:category:A00',
      'finish r2',
      'grace',
    ]);
    expect((await readPointer(space.store))?.pointer.previous).toBe('r1');
  },
);

test('a damaged former release does not stand in the way of its replacement', async () => {
  await space.publish('r1');
  const store = new WatchedStore(space.store);
  store.alter = (key, body) => (key.endsWith('r1/icd10/A00.json.gz') ? undefined : body);
  const report = await publish('r2', store);
  expect(cache.told[2]).toBe('remove icd10:A00 icd10:category:A00');
  expect(report.warnings).toEqual([expect.stringContaining('1 objects of release r1 cannot be read')]);
});

test('releases are listed with their state; rolling back goes to the one before', async () => {
  await expect(rollbackTarget(space.store)).rejects.toThrow('No release is live');
  await space.publish('r1');
  await expect(rollbackTarget(space.store)).rejects.toThrow('r1 is the first');
  await space.publish('r2');
  await space.store.put('catalog/releases/r0/icd10/A00.json.gz', Buffer.from('x'));
  expect(await listReleases(space.store)).toMatchObject([
    { release: 'r0', state: 'incomplete', objects: 1, bytes: 1 },
    { release: 'r1', state: 'complete', counts: { icd10: { total: 2 } }, objects: 3 },
    { release: 'r2', state: 'live', createdAt: '2026-01-02T03:04:05.000Z' },
  ]);
  expect(await rollbackTarget(space.store)).toEqual({ live: 'r2', release: 'r1' });
  expect(await rollbackTarget(space.store, 'r0')).toEqual({ live: 'r2', release: 'r0' });
  await expect(rollbackTarget(space.store, 'r2')).rejects.toThrow('r2 is live already');
  await expect(publish('r0')).rejects.toThrow('Release r0 is not complete');
});
