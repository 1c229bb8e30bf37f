import { CatalogConflict } from '../conflict';
import { eachInParallel } from '../../store/parallel';
import { layout } from '../layout';
import type { Manifest } from '../manifest';
import { sha256 } from '../../store/json-objects';
import type { ObjectStore } from '../../store/object-store';

/** Objects read at a time while verifying. */
const PARALLEL_READS = 16;
/** Damaged objects that are named one by one. */
const NAMED = 5;

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
