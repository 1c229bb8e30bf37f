import { TTL } from '../cache/ttl';
import { changedKeys } from './changed-keys';
import { type Manifest, parseReleaseId, type Pointer } from './manifest';
import { readPointer, switchPointer } from './pointer';
import type { ObjectStore } from './store';
import { readManifest, requireManifest, verifyObjects } from './verify';

/** Keys handed to the cache at a time, so that progress shows. */
const REMOVED_AT_ONCE = 1_000;

/** The cache's side of a publish. Every method throws when Redis does not answer. */
export interface CacheInvalidation {
  /** Whether Redis answers; asked before anything is changed. */
  reach(): Promise<void>;
  /** Tells every process which release is live (`keys.release`). */
  announce(release: string): Promise<void>;
  /** Removes keys with their leases; answers how many of the keys existed. */
  remove(keys: readonly string[]): Promise<number>;
  /** Waits until no process can still serve the former release from its memory. */
  grace(): Promise<void>;
}

export interface PublishHost {
  now(): Date;
  /** Undefined when no cache is to be told. */
  cache: CacheInvalidation | undefined;
  onProgress?(progress: PublishProgress): void;
}

/** How far a publish is: objects verified, shards compared, keys removed. */
export interface PublishProgress {
  step: 'verify' | 'compare' | 'remove';
  done: number;
  total: number;
}

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
 * The pointer is switched, but the cache may still hold values of the former release. Publishing the same
 * release again finishes the work.
 */
export class CacheNotTold extends Error {
  constructor(release: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `Release ${release} is live, but the cache was not told completely (${reason}); it may answer with former values for up to ${TTL.code / 60} minutes. Run "catalog publish --release ${release}" again to finish.`,
      { cause },
    );
    this.name = 'CacheNotTold';
  }
}

/**
 * Makes a built release live: verifies every object, switches the pointer by a conditional write, announces
 * the release to every process, and removes from the cache exactly the keys whose value changed. Publishing
 * the release that is live already repeats the cache's part, against the release before it.
 * @throws CatalogConflict when the release is not complete or damaged, or somebody else published meanwhile
 * @throws the cache's own error when it cannot be reached; nothing is changed then
 * @throws CacheNotTold when the cache fails after the switch
 */
export async function publishRelease(
  store: ObjectStore,
  releaseId: string,
  host: PublishHost,
): Promise<PublishReport> {
  const release = parseReleaseId(releaseId);
  await host.cache?.reach();
  const current = await readPointer(store);
  const { manifest, sha256 } = await requireManifest(store, release);
  const objectsVerified = await verify(store, manifest, host);
  const switched = current?.pointer.release !== release;
  const previous = switched ? current?.pointer.release : current.pointer.previous;
  const warnings: string[] = [];
  // Known before the switch, so that between the switch and the removal there is no reading to wait for.
  const changed = host.cache && (await compare(store, previous, manifest, host, warnings));
  if (switched) await switchPointer(store, current, nextPointer(release, sha256, previous, host.now()));
  const cache =
    host.cache &&
    changed &&
    (await tellCache(host.cache, release, changed, host).catch(cacheNotTold(release)));
  return { release, previous, switched, objectsVerified, cache, warnings };
}

async function verify(store: ObjectStore, manifest: Manifest, host: PublishHost): Promise<number> {
  const total = Object.keys(manifest.objects).length;
  let done = 0;
  await verifyObjects(store, manifest, () => {
    done += 1;
    host.onProgress?.({ step: 'verify', done, total });
  });
  return total;
}

async function compare(
  store: ObjectStore,
  previous: string | undefined,
  manifest: Manifest,
  host: PublishHost,
  warnings: string[],
): Promise<string[]> {
  const before = previous === undefined ? undefined : (await readManifest(store, previous))?.manifest;
  const { keys, unreadable } = await changedKeys(store, before, manifest, (done, total) =>
    host.onProgress?.({ step: 'compare', done, total }),
  );
  if (unreadable.length > 0) {
    warnings.push(
      `${unreadable.length} objects of release ${previous ?? ''} cannot be read (${unreadable[0] ?? ''}, …); codes that only they held may be answered from the cache for up to ${TTL.code / 60} minutes.`,
    );
  }
  return keys;
}

async function tellCache(
  cache: CacheInvalidation,
  release: string,
  changed: readonly string[],
  host: PublishHost,
): Promise<{ changedKeys: number; removedKeys: number }> {
  await cache.announce(release);
  let removedKeys = 0;
  for (let from = 0; from < changed.length; from += REMOVED_AT_ONCE) {
    removedKeys += await cache.remove(changed.slice(from, from + REMOVED_AT_ONCE));
    const done = Math.min(from + REMOVED_AT_ONCE, changed.length);
    host.onProgress?.({ step: 'remove', done, total: changed.length });
  }
  await cache.grace();
  return { changedKeys: changed.length, removedKeys };
}

function cacheNotTold(release: string): (cause: unknown) => never {
  return (cause) => {
    throw new CacheNotTold(release, cause);
  };
}

function nextPointer(
  release: string,
  manifestSha256: string,
  previous: string | undefined,
  now: Date,
): Pointer {
  const pointer: Pointer = { release, manifestSha256, publishedAt: now.toISOString() };
  if (previous !== undefined) pointer.previous = previous;
  return pointer;
}
