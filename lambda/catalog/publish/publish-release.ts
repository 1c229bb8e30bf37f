import type { ObjectStore } from '../../store/object-store';
import { CatalogConflict } from '../conflict';
import { editionDaysOf } from '../manifest';
import { type Pointer, readPointer, recordTold, stillCached, switchPointer } from '../pointer';
import { liveOf, nextStamp } from '../stamp';
import { CacheNotTold, PublishInterrupted } from './cache-failures';
import type { CacheInvalidation, PublishHost } from './publish-host';
import { planPublish, type PublishPlan, type Removal } from './publish-plan';

/** Keys handed to the cache at a time, so that progress shows. */
const REMOVED_AT_ONCE = 1_000;

/**
 * While keys are removed the cache goes on naming the release, which lapses after a minute: a restore at the same time
 * judges by it what it may bring in.
 */
const ANNOUNCE_AGAIN_MS = 20_000;

/** Times that a removal is begun anew because another server answers than the one that was told. */
const REMOVALS = 5;

export interface PublishReport {
  release: string;
  /** The release that was live before. */
  previous: string | undefined;
  /** False when the release was live already, and only the cache was seen to. */
  switched: boolean;
  objectsVerified: number;
  /** Undefined when no cache was to be told. */
  cache: { changedKeys: number; removedKeys: number } | undefined;
  warnings: string[];
}

/**
 * Makes a built release live: verifies every object, switches the pointer by a conditional write, announces
 * the release to every process, and removes from the cache exactly the keys whose value changed. Publishing
 * the release that is live already repeats the cache's part.
 * @throws CatalogConflict when the release is not complete or damaged, or somebody else published meanwhile
 * @throws CacheUnreachable when the cache cannot be reached; nothing is changed then
 * @throws CacheNotTold when the cache fails after the switch
 * @throws PublishInterrupted when the host's signal ended it after the switch
 */
export async function publishRelease(
  store: ObjectStore,
  releaseId: string,
  host: PublishHost,
): Promise<PublishReport> {
  const plan = await planPublish(store, releaseId, host);
  const { release, previous, switches, objectsVerified, warnings, removal, current } = plan;
  host.signal?.throwIfAborted();
  const pointer = switches ? nextPointer(plan, host.now()) : current?.pointer;
  if (pointer === undefined) throw new CatalogConflict(`No release is live in ${store.url}; publish one.`);
  if (switches) await switchPointer(store, current, pointer);
  const { cache } = host;
  const told = cache && removal && (await tellCache(store, cache, pointer, removal, host));
  return { release, previous, switched: switches, objectsVerified, cache: told, warnings };
}

function nextPointer(
  { release, manifest, manifestSha256, previous, current }: PublishPlan,
  now: Date,
): Pointer {
  const recent = stillCached(current?.pointer.recent ?? [], now);
  const stamp = nextStamp(manifest, recent);
  const at = now.toISOString();
  return {
    release,
    manifestSha256,
    editions: editionDaysOf(manifest),
    publishedAt: at,
    stamp,
    ...(previous === undefined ? {} : { previous }),
    recent: [...recent, { release, stamp, at }],
    told: current?.pointer.told ?? {},
  };
}

async function tellCache(
  store: ObjectStore,
  cache: CacheInvalidation,
  pointer: Pointer,
  removal: Removal,
  host: PublishHost,
): Promise<{ changedKeys: number; removedKeys: number }> {
  const { release, stamp } = pointer;
  const live = liveOf(pointer);
  const stillLive = async (): Promise<boolean> => (await readPointer(store))?.pointer.stamp === stamp;
  try {
    if (!(await cache.announce(live, stillLive))) throw await overtaken(store, release);
    const removedKeys = await removeAll(cache, removal.keys, host, () => cache.announce(live, stillLive));
    if (removal.complete) {
      const finished = await cache.finish(live, stillLive);
      if (!finished || !(await recordTold(store, cache.id, stamp))) throw await overtaken(store, release);
    }
    await cache.grace();
    return { changedKeys: removal.keys.length, removedKeys };
  } catch (error) {
    if (error instanceof CatalogConflict) throw error;
    if (host.signal?.aborted === true) throw new PublishInterrupted(release, error);
    throw new CacheNotTold(release, error);
  }
}

/** Removes the keys from one server: after a fail-over on the way the other one is told from the start. */
async function removeAll(
  cache: CacheInvalidation,
  changed: readonly string[],
  { onProgress, signal, now }: PublishHost,
  announce: () => Promise<boolean>,
): Promise<number> {
  let announcedAt = now().getTime();
  for (let removal = 1; ; removal += 1) {
    const server = await cache.server();
    let removedKeys = 0;
    for (let from = 0; from < changed.length; from += REMOVED_AT_ONCE) {
      signal?.throwIfAborted();
      if (now().getTime() - announcedAt > ANNOUNCE_AGAIN_MS) {
        announcedAt = now().getTime();
        if (!(await announce())) return removedKeys;
      }
      removedKeys += await cache.remove(changed.slice(from, from + REMOVED_AT_ONCE));
      const done = Math.min(from + REMOVED_AT_ONCE, changed.length);
      onProgress?.({ step: 'remove', done, total: changed.length });
    }
    if ((await cache.server()) === server) return removedKeys;
    if (removal === REMOVALS) throw new Error('Redis fails over again and again');
  }
}

async function overtaken(store: ObjectStore, release: string): Promise<CatalogConflict> {
  const now = (await readPointer(store))?.pointer.release ?? 'nothing';
  return new CatalogConflict(
    `Somebody else published while the cache was told of ${release}: ${now} is live now, and the cache follows that. Publish again if ${release} is still what you want.`,
  );
}
