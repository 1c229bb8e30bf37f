import { CatalogConflict } from './conflict';
import { eachInParallel } from './concurrency';
import { layout } from './layout';
import { type Manifest, parseManifest } from './manifest';
import { sha256 } from './objects';
import type { ObjectStore } from './store';

/** Objects read at a time while verifying. */
const PARALLEL_READS = 16;
/** Damaged objects that are named one by one. */
const NAMED = 5;

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

/**
 * Compares every object of a release with its manifest.
 * @throws CatalogConflict naming objects that are missing or damaged
 */
export async function verifyObjects(
  store: ObjectStore,
  manifest: Manifest,
  onVerified: () => void = () => undefined,
): Promise<void> {
  const bad: string[] = [];
  await eachInParallel(Object.entries(manifest.objects), PARALLEL_READS, async ([key, expected]) => {
    const bytes = await store.get(layout.release(manifest.release) + key);
    if (bytes === undefined) bad.push(`${key} is missing`);
    else if (sha256(bytes) !== expected.sha256) bad.push(`${key} is damaged`);
    onVerified();
  });
  if (bad.length === 0) return;
  const more = bad.length > NAMED ? `, and ${bad.length - NAMED} more` : '';
  throw new CatalogConflict(
    `Release ${manifest.release} must not be published: ${bad.slice(0, NAMED).join(', ')}${more}. Build it again under another id.`,
  );
}
