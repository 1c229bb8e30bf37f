import { Duration } from 'aws-cdk-lib';
import { StorageClass, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { layout } from '../../lambda/catalog/layout';
import type { BackupLifecycle } from '../config/lifecycle';

/** An upload that stopped half-way costs storage without being visible. */
const ABANDONED_UPLOAD_DAYS = 7;

/**
 * Only backups age; the catalog and the teams' lists stay as long as they are current. A version under
 * Object Lock outlives any rule here until its retention ends.
 */
export function backupRules(lifecycle: BackupLifecycle): LifecycleRule[] {
  const { infrequentAccessDays, glacierDays, expireDays, noncurrentDays } = lifecycle;
  const transitions = [
    { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(infrequentAccessDays) },
    ...(glacierDays === undefined
      ? []
      : [{ storageClass: StorageClass.GLACIER, transitionAfter: Duration.days(glacierDays) }]),
  ];
  return [
    { id: 'backups', prefix: layout.backups, transitions, expiration: Duration.days(expireDays) },
    {
      id: 'leftovers',
      abortIncompleteMultipartUploadAfter: Duration.days(ABANDONED_UPLOAD_DAYS),
      noncurrentVersionExpiration: Duration.days(noncurrentDays),
      expiredObjectDeleteMarker: true,
    },
  ];
}
