import type { ObjectStore } from '../store/object-store';
import { isRdbFile, MANIFEST_NAME, normalisedPrefix, parseRunKey } from './backup-layout';

/** A backup that could be restored now. */
export interface NewestBackup {
  /** When it became complete: its manifest, or its RDB file, was written. */
  at: Date;
  /** `manifest` is a backup of this project, `rdb` a file of Redis Cloud's own backup. */
  kind: 'manifest' | 'rdb';
  /** Key of the manifest or of the RDB file. */
  key: string;
}

/**
 * The newest complete backup of either kind below `prefix`, or undefined when there is none. A run without
 * a manifest is no backup.
 * @throws SourceUnavailable when the store cannot be listed
 */
export async function newestBackup(
  store: Pick<ObjectStore, 'list'>,
  prefix: string,
): Promise<NewestBackup | undefined> {
  let newest: NewestBackup | undefined;
  for await (const { key, lastModified } of store.list(normalisedPrefix(prefix))) {
    const kind = backupKind(prefix, key);
    if (kind !== undefined && (newest === undefined || lastModified > newest.at)) {
      newest = { at: lastModified, kind, key };
    }
  }
  return newest;
}

/** Hours since the newest backup became complete; undefined when there is none. Never negative. */
export function ageHours(newest: NewestBackup | undefined, now: Date): number | undefined {
  return newest === undefined ? undefined : Math.max(0, now.getTime() - newest.at.getTime()) / 3_600_000;
}

function backupKind(prefix: string, key: string): NewestBackup['kind'] | undefined {
  if (parseRunKey(prefix, key)?.file === MANIFEST_NAME) return 'manifest';
  return isRdbFile(key) ? 'rdb' : undefined;
}
