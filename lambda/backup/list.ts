import { AppError, InvalidRequest } from '../names/errors';
import { isRunName, MANIFEST_NAME, normalisedPrefix, parseRunKey, runFolder } from './backup-layout';
import { type Manifest, parseManifest } from './backup-manifest';
import type { ObjectStore } from '../store/object-store';

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

/** A backup that can be read. */
export interface Backup {
  readonly run: string;
  /** The run's folder, with the slash. */
  readonly folder: string;
  readonly manifest: Manifest;
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

/**
 * Opens the named backup, or the newest complete one.
 * @throws InvalidRequest when the name can be none; AppError NOT_FOUND when there is none; SourceUnavailable when its manifest is damaged
 */
export async function openBackup(store: ObjectStore, prefix: string, name?: string): Promise<Backup> {
  if (name !== undefined && !isRunName(name)) {
    throw new InvalidRequest(
      'run',
      `${JSON.stringify(name.slice(0, 64))} is no backup's name; expected one like 2026-11-22T03:00:00.000Z, as \`backup list\` shows them.`,
    );
  }
  const run = name ?? (await newestRun(store, prefix));
  const folder = runFolder(prefix, run);
  const key = folder + MANIFEST_NAME;
  const bytes = await store.get(key);
  if (bytes === undefined) {
    throw new AppError(
      'NOT_FOUND',
      `There is no backup ${run} below ${normalisedPrefix(prefix)} in ${store.url} (no ${MANIFEST_NAME}); \`backup list\` shows those there are.`,
    );
  }
  return { run, folder, manifest: parseManifest(key, bytes) };
}

async function newestRun(store: ObjectStore, prefix: string): Promise<string> {
  const newest = (await listRuns(store, prefix)).findLast((run) => run.complete);
  if (newest !== undefined) return newest.run;
  throw new AppError(
    'NOT_FOUND',
    `There is no complete backup below ${normalisedPrefix(prefix)} in ${store.url}; \`backup run\` makes one.`,
  );
}
