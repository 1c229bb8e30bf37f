import { CODE_TYPES, type CodeType } from '../../names/code-types';
import { eachInParallel } from '../../store/parallel';
import { layout } from '../layout';
import type { Manifest } from '../manifest';
import type { ObjectStore } from '../../store/object-store';
import { VerifiedReads } from '../read/verified-reads';

/** Objects compared at a time. */
const PARALLEL = 8;

/** What an object of a release holds, by its key below the release. */
type ObjectKind =
  | { kind: 'records'; type: CodeType; name: string }
  | { kind: 'category'; type: CodeType; name: string }
  | { kind: 'crosswalk'; name: string };

/** An object that is not the same in two releases. A reader is absent where the release has no such object. */
export type DifferingObject = ObjectKind & { before: ObjectReading; after: ObjectReading };

/** Reads and parses one release's object; undefined where the release has none. */
export type ObjectReading = <T>(parse: (bytes: Uint8Array) => T) => Promise<T | undefined>;

/**
 * Visits every object of codes and links whose sha256 differs between two releases, several at a time. Equal
 * ones are never read. `before` undefined stands for a release of nothing.
 */
export async function eachDifferingObject(
  store: ObjectStore,
  before: Manifest | undefined,
  after: Manifest,
  visit: (object: DifferingObject) => Promise<void>,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  const reads = new VerifiedReads(store, {});
  const keys = new Set([...Object.keys(before?.objects ?? {}), ...Object.keys(after.objects)]);
  const differing = [...keys].filter((key) => before?.objects[key]?.sha256 !== after.objects[key]?.sha256);
  let done = 0;
  await eachInParallel(differing, PARALLEL, async (key) => {
    const kind = kindOf(key);
    if (kind !== undefined) {
      await visit({ ...kind, before: reading(reads, before, key), after: reading(reads, after, key) });
    }
    done += 1;
    onProgress(done, differing.length);
  });
}

function reading(reads: VerifiedReads, manifest: Manifest | undefined, key: string): ObjectReading {
  const sha256 = manifest?.objects[key]?.sha256;
  if (manifest === undefined || sha256 === undefined) return () => Promise.resolve(undefined);
  return (parse) => reads.read(layout.release(manifest.release) + key, parse, { required: true, sha256 });
}

function kindOf(key: string): ObjectKind | undefined {
  const match = /^([a-z0-9]+)\/(categories\/)?([^/]+)\.json\.gz$/.exec(key);
  if (match === null) return undefined;
  const [, folder, categories, name = ''] = match;
  if (folder === 'crosswalk') return { kind: 'crosswalk', name };
  const type = CODE_TYPES.find((each) => each === folder);
  return type && { kind: categories === undefined ? 'records' : 'category', type, name };
}
