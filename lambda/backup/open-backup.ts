import type { ObjectStore } from '../store/object-store';
import { AppError, InvalidRequest } from '../names/errors';
import { assertNotArchived } from './archived-backup';
import { isRunName, MANIFEST_NAME, normalisedPrefix, runFolder } from './backup-layout';
import { type BackupManifest, parseBackupManifest } from './backup-manifest';
import { listRuns } from './listed-runs';

/** A backup that can be read. */
export interface Backup {
  readonly run: string;
  /** The run's folder, with the slash. */
  readonly folder: string;
  readonly manifest: BackupManifest;
}

/**
 * Opens the named backup, or the newest complete one.
 * @throws InvalidRequest when the name can be none; AppError NOT_FOUND when there is none; ArchivedBackup;
 *   SourceUnavailable when its manifest is damaged
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
  await assertNotArchived(store, folder);
  const key = folder + MANIFEST_NAME;
  const bytes = await store.get(key);
  if (bytes === undefined) {
    throw new AppError(
      'NOT_FOUND',
      `There is no backup ${run} below ${normalisedPrefix(prefix)} in ${store.url} (no ${MANIFEST_NAME}); \`backup list\` shows those there are.`,
    );
  }
  return { run, folder, manifest: parseBackupManifest(key, bytes) };
}

async function newestRun(store: ObjectStore, prefix: string): Promise<string> {
  const newest = (await listRuns(store, prefix)).findLast((run) => run.complete);
  if (newest !== undefined) return newest.run;
  throw new AppError(
    'NOT_FOUND',
    `There is no complete backup below ${normalisedPrefix(prefix)} in ${store.url}; \`backup run\` makes one.`,
  );
}
