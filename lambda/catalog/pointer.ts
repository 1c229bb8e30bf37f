import { CatalogConflict } from './conflict';
import { layout } from './layout';
import { parsePointer, type Pointer } from './manifest';
import { readableJson } from '../store/json-objects';
import type { ObjectStore } from '../store/object-store';

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
