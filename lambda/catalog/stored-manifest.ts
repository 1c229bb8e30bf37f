import { CatalogConflict } from './conflict';
import { layout } from './layout';
import { type Manifest, parseManifest } from './manifest';
import { sha256 } from '../store/json-objects';
import type { ObjectStore } from '../store/object-store';

/** A manifest with the sha256 of its stored bytes, by which a pointer vouches for it. */
export interface StoredManifest {
  manifest: Manifest;
  sha256: string;
}

/** The manifest of a release, or undefined when the release is not complete. */
export async function readManifest(store: ObjectStore, release: string): Promise<StoredManifest | undefined> {
  const bytes = await store.get(layout.manifest(release));
  return bytes && { manifest: parseManifest(release, bytes), sha256: sha256(bytes) };
}

/** @throws CatalogConflict when the release is not there, or its build was not finished */
export async function requireManifest(store: ObjectStore, release: string): Promise<StoredManifest> {
  const stored = await readManifest(store, release);
  if (stored !== undefined) return stored;
  throw new CatalogConflict(
    `Release ${release} is not complete in ${store.url}: it was never built, or its build was cut off. Build it first; "catalog list" shows what there is.`,
  );
}
