import { DamagedPart } from '../snapshot/part-framing';
import { anyGlob } from '../snapshot/glob';
import type { SnapshotRecord } from '../snapshot/record';
import { SourceUnavailable } from '../names/errors';
import type { Backup } from './open-backup';
import { readPart } from './part-reader';
import type { ObjectStore } from '../store/object-store';

/** Records of a backup that match one of the globs (none means all), part after part. */
export async function* backupRecords(
  store: ObjectStore,
  backup: Backup,
  match: readonly string[] = [],
): AsyncGenerator<SnapshotRecord> {
  const wanted = anyGlob(match);
  for (const part of backup.manifest.parts) {
    const key = backup.folder + part.name;
    try {
      for await (const record of readPart(store, key, part)) if (wanted(record.key)) yield record;
    } catch (error) {
      if (!(error instanceof DamagedPart)) throw error;
      throw new SourceUnavailable(
        `${key} is damaged: ${error.message}. Restore an older backup; \`backup verify\` tells which are sound.`,
        { cause: error },
      );
    }
  }
}
