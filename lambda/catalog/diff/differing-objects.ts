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

/** An object of two releases; `equal` where it is the same in both, so that reading one is enough. */
export type DifferingObject = ObjectKind & { equal: boolean; before: ObjectReading; after: ObjectReading };

/** Reads and parses one release's object; undefined where the release has none. */
export type ObjectReading = <T>(parse: (bytes: Uint8Array) => T) => Promise<T | undefined>;

/** What is visited, and who is told how far it is. */
interface ObjectVisit {
  /** Whether objects of records are visited that are the same in both, too. */
  readonly equalRecords?: boolean;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Visits every object of codes and links whose sha256 differs between two releases, several at a time. Equal ones are
 * never read unless they are asked for. `before` undefined stands for a release of nothing.
 */
export async function eachDifferingObject(
  store: ObjectStore,
  before: Manifest | undefined,
  after: Manifest,
  visit: (object: DifferingObject) => Promise<void>,
  { equalRecords = false, onProgress }: ObjectVisit = {},
): Promise<void> {
  const reads = new VerifiedReads(store, {});
  const keys = new Set([...Object.keys(before?.objects ?? {}), ...Object.keys(after.objects)]);
  const visited = [...keys].flatMap((key) => {
    const kind = kindOf(key);
    if (kind === undefined) return [];
    const equal = before?.objects[key]?.sha256 === after.objects[key]?.sha256;
    return equal && !(equalRecords && kind.kind === 'records') ? [] : [{ key, kind, equal }];
  });
  let done = 0;
  await eachInParallel(visited, PARALLEL, async ({ key, kind, equal }) => {
    const current = reading(reads, after, key);
    await visit({ ...kind, equal, before: equal ? current : reading(reads, before, key), after: current });
    done += 1;
    onProgress?.(done, visited.length);
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
