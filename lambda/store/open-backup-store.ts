import { openStore } from './open-store';
import { FileBackupStore } from './file-backup-store';
import { S3BackupStore } from './s3-backup-store';
import type { BackupStore } from './backup-store';

/**
 * Opens the store that a URL names, the same URLs as the catalog's: `s3://<bucket>` or `file:<dir>`.
 * @throws InvalidRequest for any other
 */
export function openBackupStore(url: string): BackupStore {
  const objects = openStore(url);
  if (objects.url.startsWith('s3://')) return new S3BackupStore(objects, objects.url.slice('s3://'.length));
  return new FileBackupStore(objects, objects.url.slice('file:'.length));
}
