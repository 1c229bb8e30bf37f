import type { ObjectStore } from '../store/object-store';
import { MANIFEST_NAME, normalisedPrefix, parseRunKey } from './backup-layout';

/** A run as the store shows it. */
export interface ListedRun {
  /** Name of the run, its start in ISO 8601. */
  readonly run: string;
  /** Whether it has a manifest; without one it failed or is still at work, and cannot be restored. */
  readonly complete: boolean;
  readonly objects: number;
  /** Bytes stored. */
  readonly bytes: number;
}

/** Every run below the prefix, oldest first. */
export async function listRuns(store: ObjectStore, prefix: string): Promise<ListedRun[]> {
  const runs = new Map<string, ListedRun>();
  for await (const { key, size } of store.list(normalisedPrefix(prefix))) {
    const parsed = parseRunKey(prefix, key);
    if (parsed === undefined) continue;
    const { run, file } = parsed;
    const seen = runs.get(run) ?? { run, complete: false, objects: 0, bytes: 0 };
    runs.set(run, {
      run,
      complete: seen.complete || file === MANIFEST_NAME,
      objects: seen.objects + 1,
      bytes: seen.bytes + size,
    });
  }
  return [...runs.values()].sort((a, b) => (a.run < b.run ? -1 : 1));
}
