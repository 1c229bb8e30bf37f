import type { Archive, ObjectStore } from '../store/object-store';
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
  /** Present while some of it is in an archive and cannot be read. */
  readonly archive?: Archive;
}

/** Every run below the prefix, oldest first. */
export async function listRuns(store: ObjectStore, prefix: string): Promise<ListedRun[]> {
  const runs = new Map<string, ListedRun>();
  for await (const { key, size, archive } of store.list(normalisedPrefix(prefix))) {
    const parsed = parseRunKey(prefix, key);
    if (parsed === undefined) continue;
    const { run, file } = parsed;
    const seen: ListedRun = runs.get(run) ?? { run, complete: false, objects: 0, bytes: 0 };
    runs.set(run, {
      run,
      complete: seen.complete || file === MANIFEST_NAME,
      objects: seen.objects + 1,
      bytes: seen.bytes + size,
      ...worse(seen.archive, archive),
    });
  }
  return [...runs.values()].sort((a, b) => (a.run < b.run ? -1 : 1));
}

/** What of a run is to be known: one archived object is enough for it to be unreadable. */
function worse(...states: readonly (Archive | undefined)[]): { archive?: Archive } {
  if (states.includes('archived')) return { archive: 'archived' };
  return states.includes('returning') ? { archive: 'returning' } : {};
}
