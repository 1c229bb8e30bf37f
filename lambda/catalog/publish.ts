import { parseReleaseId, type Pointer } from './manifest';
import { readPointer, type StoredPointer, switchPointer } from './pointer';
import type { ObjectStore } from './store';
import { requireManifest, verifyObjects } from './verify';

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
}

/**
 * Makes a built release live: verifies every object, then switches the pointer by a conditional write.
 * @throws CatalogConflict when the release is not complete or damaged, or somebody else published meanwhile
 */
export async function publishRelease(
  store: ObjectStore,
  releaseId: string,
  host: PublishHost,
): Promise<PublishReport> {
  const release = parseReleaseId(releaseId);
  const current = await readPointer(store);
  const { manifest, sha256 } = await requireManifest(store, release);
  const total = Object.keys(manifest.objects).length;
  let done = 0;
  await verifyObjects(store, manifest, () => {
    done += 1;
    host.onProgress?.({ step: 'verify', done, total });
  });
  const switched = current?.pointer.release !== release;
  if (switched) await switchPointer(store, current, nextPointer(release, sha256, current, host.now()));
  const previous = switched ? current?.pointer.release : current.pointer.previous;
  return { release, previous, switched, objectsVerified: total };
}

function nextPointer(
  release: string,
  manifestSha256: string,
  current: StoredPointer | undefined,
  now: Date,
): Pointer {
  const pointer: Pointer = { release, manifestSha256, publishedAt: now.toISOString() };
  if (current !== undefined) pointer.previous = current.pointer.release;
  return pointer;
}
