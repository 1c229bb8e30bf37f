import * as z from 'zod/mini';
import { editionDaysSchema } from '../codes/editions';
import { SourceUnavailable } from '../names/errors';
import { TTL } from '../names/ttl';
import { readableJson } from '../store/json-objects';
import type { ObjectStore } from '../store/object-store';
import { CatalogConflict } from './conflict';
import { layout } from './layout';
import { jsonOf, RELEASE_ID, sha256Schema } from './manifest';

const releaseSchema = z.string().check(z.regex(RELEASE_ID));
const stampSchema = z.string().check(z.regex(/^[0-9a-f]{6}$/));

/** One release's going live. */
const goingLiveSchema = z.object({
  release: releaseSchema,
  /** What values loaded while it is live carry in a cache; unique among all whose values may not have expired. */
  stamp: stampSchema,
  at: z.string(),
});
export type GoingLive = z.infer<typeof goingLiveSchema>;

/** Names the live release; the only mutable object of the catalog. */
export const pointerSchema = z.object({
  release: releaseSchema,
  manifestSha256: sha256Schema,
  /** As the manifest has them; with them a process answers for any date without having read it. */
  editions: editionDaysSchema,
  publishedAt: z.string(),
  stamp: stampSchema,
  /** The release that was live before, for `rollback`. */
  previous: z.optional(releaseSchema),
  /** Every release that was live within the life of a cached value, oldest first; the live one is the last. */
  recent: z.array(goingLiveSchema).check(z.minLength(1)),
  /** Which release each cache was last told in full, by a hash of the cache's address and database. */
  told: z.record(z.string(), releaseSchema),
});
export type Pointer = z.infer<typeof pointerSchema>;

/** @throws SourceUnavailable when the bytes are not a pointer */
export function parsePointer(bytes: Uint8Array): Pointer {
  const parsed = pointerSchema.safeParse(jsonOf(layout.pointer, bytes));
  if (parsed.success) return parsed.data;
  throw new SourceUnavailable(`${layout.pointer} does not name a release.`);
}

export interface StoredPointer {
  pointer: Pointer;
  etag: string;
}

/** Which release is live, or undefined before the first publish. */
export async function readPointer(store: ObjectStore): Promise<StoredPointer | undefined> {
  const stored = await store.getWithETag(layout.pointer);
  return stored && { pointer: parsePointer(stored.body), etag: stored.etag };
}

/**
 * Makes `next` the live release, provided that nobody has switched since `current` was read.
 * @throws CatalogConflict when somebody has
 */
export async function switchPointer(
  store: ObjectStore,
  current: StoredPointer | undefined,
  next: Pointer,
): Promise<void> {
  const { written } = await store.putIfMatch(layout.pointer, readableJson(next), current?.etag);
  if (written) return;
  const now = (await readPointer(store))?.pointer.release ?? 'nothing';
  throw new CatalogConflict(
    `Somebody else published while ${next.release} was being verified: ${now} is live now. Nothing was changed here; publish again if ${next.release} is still what you want.`,
  );
}

/** Times that recording what a cache was told is tried while others write the pointer. */
const RECORD_TRIES = 10;

/**
 * Records that a cache was told in full of the going-live with this stamp.
 * @returns false when that going-live is the live one no more
 */
export async function recordTold(store: ObjectStore, cache: string, stamp: string): Promise<boolean> {
  for (let attempt = 1; attempt <= RECORD_TRIES; attempt += 1) {
    const current = await readPointer(store);
    if (current?.pointer.stamp !== stamp) return false;
    const { pointer, etag } = current;
    const next: Pointer = { ...pointer, told: { ...pointer.told, [cache]: pointer.release } };
    if ((await store.putIfMatch(layout.pointer, readableJson(next), etag)).written) return true;
  }
  throw new SourceUnavailable(`${layout.pointer} kept changing under ${RECORD_TRIES} attempts to write it.`);
}

/** Those of a pointer's recent releases that were still live within the life of a cached value. */
export function stillCached(recent: readonly GoingLive[], now: Date): GoingLive[] {
  const since = now.getTime() - TTL.told * 1_000;
  return recent.filter((_, index) => {
    const successor = recent[index + 1];
    return successor === undefined || Date.parse(successor.at) > since;
  });
}
