import type { _Object } from '@aws-sdk/client-s3';
import type { Archive } from './object-store';

/** Classes whose objects must be brought back before they can be read (Amazon S3 API, GetObject). */
const ARCHIVES: readonly (string | undefined)[] = ['GLACIER', 'DEEP_ARCHIVE'];

/** Whether an archive keeps an object from being read; a copy that was brought back can be, while it lasts. */
export function archiveOf({ StorageClass, RestoreStatus }: _Object): { archive?: Archive } {
  if (!ARCHIVES.includes(StorageClass)) return {};
  if (RestoreStatus?.IsRestoreInProgress === true) return { archive: 'returning' };
  return RestoreStatus?.RestoreExpiryDate === undefined ? { archive: 'archived' } : {};
}
