import { AppError } from '../names/errors';
import type { ObjectStore } from '../store/object-store';

/** Days for which a copy is asked back, enough to restore and to look again. */
const DAYS = 7;

/** A backup that lies in an archive and cannot be read before it was brought back. */
export class ArchivedBackup extends AppError {
  /** @param waiting objects that nobody asked back yet, and those that are on their way */
  constructor(
    store: ObjectStore,
    folder: string,
    waiting: { archived: readonly string[]; returning: number },
  ) {
    const [first] = waiting.archived;
    super(
      'UNAVAILABLE',
      first === undefined
        ? `The backup ${folder} is on its way out of the archive (S3 Glacier): ${waiting.returning} of its objects are not back yet. \`backup list\` shows when they are.`
        : `The backup ${folder} is archived (S3 Glacier), and ${waiting.archived.length} of its objects cannot be read. Ask each of them back, wait some hours until \`backup list\` shows it as complete, then run this again (docs/runbook.md, "Bring back an archived backup"): ${restoreCommand(store, first)}`,
    );
  }
}

/** The AWS CLI's command that asks one object back. */
function restoreCommand(store: ObjectStore, key: string): string {
  const bucket = store.url.replace(/^s3:\/\//, '');
  return `aws s3api restore-object --bucket ${bucket} --key ${key} --restore-request 'Days=${DAYS},GlacierJobParameters={Tier=Standard}'`;
}

/**
 * Refuses a backup of which any object is in an archive, before one of them is read.
 * @throws ArchivedBackup, SourceUnavailable
 */
export async function assertNotArchived(store: ObjectStore, folder: string): Promise<void> {
  const archived: string[] = [];
  let returning = 0;
  for await (const { key, archive } of store.list(folder)) {
    if (archive === 'archived') archived.push(key);
    if (archive === 'returning') returning += 1;
  }
  if (archived.length + returning > 0) throw new ArchivedBackup(store, folder, { archived, returning });
}
