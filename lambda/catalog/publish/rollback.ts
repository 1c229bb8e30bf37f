import { CatalogConflict } from '../conflict';
import { parseReleaseId } from '../manifest';
import { readPointer } from '../pointer';
import type { ObjectStore } from '../../store/object-store';

/**
 * Which release a rollback would publish: the one named, or the one that was live before.
 * @throws CatalogConflict when nothing is live, nothing was live before, or the one named is live already
 */
export async function rollbackTarget(
  store: ObjectStore,
  to?: string,
): Promise<{ live: string; release: string }> {
  const pointer = (await readPointer(store))?.pointer;
  if (pointer === undefined) throw new CatalogConflict(`No release is live in ${store.url}; publish one.`);
  const release = to === undefined ? pointer.previous : parseReleaseId(to);
  if (release === undefined) {
    throw new CatalogConflict(
      `Release ${pointer.release} is the first that was published; name one to go back to with --to.`,
    );
  }
  if (release === pointer.release) throw new CatalogConflict(`Release ${release} is live already.`);
  return { live: pointer.release, release };
}
