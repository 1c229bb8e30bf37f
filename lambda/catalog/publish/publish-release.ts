import { TTL } from '../../names/ttl';
import { CacheNotTold, CacheUnreachable } from './cache-failures';
import { changedKeys } from './changed-keys';
import { CatalogConflict } from '../conflict';
import { type Manifest, parseReleaseId, type Pointer } from '../manifest';
import { readPointer, type StoredPointer, switchPointer } from '../pointer';
import type { ObjectStore } from '../../store/object-store';
import { verifyObjects } from './verify-objects';
import { readManifest, requireManifest } from '../stored-manifest';

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

/** A publish that is checked and can go ahead. */
export interface PublishPlan {
  release: string;
  /** The release whose values are to be replaced: the live one, or the one before it where `release` is live. */
  previous: string | undefined;
  /** Whether the pointer is to be switched; false when the release is live already. */
  switches: boolean;
  objectsVerified: number;
  /** Redis keys whose value differs from the previous release; undefined when no cache is to be told. */
  changedKeys: string[] | undefined;
  warnings: string[];
  current: StoredPointer | undefined;
  manifestSha256: string;
}

/**
 * Everything of a publish that changes nothing: the cache is reached, every object verified, and what changed
 * is found out. Done before the switch, so that nothing between the switch and the removal waits for reading.
 * @throws CatalogConflict when the release is not complete, or damaged
 * @throws CacheUnreachable
 */
export async function planPublish(
  store: ObjectStore,
  releaseId: string,
  host: PublishHost,
): Promise<PublishPlan> {
  const release = parseReleaseId(releaseId);
  await host.cache?.reach().catch((cause: unknown) => {
    throw new CacheUnreachable(cause);
  });
  const current = await readPointer(store);
  const { manifest, sha256: manifestSha256 } = await requireManifest(store, release);
  const switches = current?.pointer.release !== release;
  if (!switches && current.pointer.manifestSha256 !== manifestSha256) {
    throw new CatalogConflict(
      `The manifest of the live release ${release} is not the one that was published. Publish another release.`,
    );
  }
  const objectsVerified = await verify(store, manifest, host);
  const previous = switches ? current?.pointer.release : current.pointer.previous;
  const warnings: string[] = [];
  const changedKeys = host.cache && (await compare(store, previous, manifest, host, warnings));
  return { release, previous, switches, objectsVerified, changedKeys, warnings, current, manifestSha256 };
}

/**
 * Makes a built release live: verifies every object, switches the pointer by a conditional write, announces
 * the release to every process, and removes from the cache exactly the keys whose value changed. Publishing
 * the release that is live already repeats the cache's part, against the release before it.
 * @throws CatalogConflict when the release is not complete or damaged, or somebody else published meanwhile
 * @throws CacheUnreachable when the cache cannot be reached; nothing is changed then
 * @throws CacheNotTold when the cache fails after the switch
 */
export async function publishRelease(
  store: ObjectStore,
  releaseId: string,
  host: PublishHost,
): Promise<PublishReport> {
  const plan = await planPublish(store, releaseId, host);
  const { release, previous, switches, objectsVerified, warnings, changedKeys } = plan;
  if (switches) await switchPointer(store, plan.current, nextPointer(plan, host.now()));
  const { cache } = host;
  const told = cache && (await tellCache(cache, release, changedKeys ?? [], host));
  return { release, previous, switched: switches, objectsVerified, cache: told, warnings };
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

/** The former release's manifest; one that is damaged or gone must not stand in the way of a good release. */
async function manifestBefore(
  store: ObjectStore,
  previous: string | undefined,
  warnings: string[],
): Promise<Manifest | undefined> {
  if (previous === undefined) return undefined;
  const found = await readManifest(store, previous).catch(() => undefined);
  if (found === undefined) {
    warnings.push(
      `The manifest of release ${previous} cannot be read; codes that only it held may be answered from the cache for up to ${TTL.code / 60} minutes.`,
    );
  }
  return found?.manifest;
}

async function compare(
  store: ObjectStore,
  previous: string | undefined,
  manifest: Manifest,
  host: PublishHost,
  warnings: string[],
): Promise<string[]> {
  const before = await manifestBefore(store, previous, warnings);
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
  try {
    await cache.announce(release);
    let removedKeys = 0;
    for (let from = 0; from < changed.length; from += REMOVED_AT_ONCE) {
      removedKeys += await cache.remove(changed.slice(from, from + REMOVED_AT_ONCE));
      const done = Math.min(from + REMOVED_AT_ONCE, changed.length);
      host.onProgress?.({ step: 'remove', done, total: changed.length });
    }
    await cache.grace();
    return { changedKeys: changed.length, removedKeys };
  } catch (error) {
    throw new CacheNotTold(release, error);
  }
}

function nextPointer({ release, manifestSha256, previous }: PublishPlan, now: Date): Pointer {
  const pointer: Pointer = { release, manifestSha256, publishedAt: now.toISOString() };
  if (previous !== undefined) pointer.previous = previous;
  return pointer;
}
