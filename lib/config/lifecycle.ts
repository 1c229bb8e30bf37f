/** Days after which an object of `backups/` moves or goes. */
export interface BackupLifecycle {
  readonly infrequentAccessDays: number;
  readonly glacierDays?: number;
  readonly expireDays: number;
  /** How long a replaced or deleted version stays recoverable. */
  readonly noncurrentDays: number;
}

/** S3 keeps an object in a class at least so long before it may enter the next. */
const MINIMUM_DAYS_IN_CLASS = 30;

/**
 * The lifecycle as given, once S3 would accept it and it does not work against the retention; otherwise an
 * Error that names the rule broken.
 */
export function checkedLifecycle(lifecycle: BackupLifecycle, retentionDays: number): BackupLifecycle {
  const { infrequentAccessDays, glacierDays, expireDays, noncurrentDays } = lifecycle;
  const refuse = (problem: string): never => {
    throw new RangeError(`lifecycle of backups/: ${problem}`);
  };
  for (const days of [infrequentAccessDays, glacierDays ?? 1, expireDays, noncurrentDays]) {
    if (!Number.isInteger(days) || days < 1) refuse('days must be whole numbers from 1');
  }
  if (infrequentAccessDays < MINIMUM_DAYS_IN_CLASS) {
    refuse(`S3 moves nothing to Infrequent Access before ${MINIMUM_DAYS_IN_CLASS} days`);
  }
  if (glacierDays !== undefined && glacierDays < infrequentAccessDays + MINIMUM_DAYS_IN_CLASS) {
    refuse(`Glacier must come at least ${MINIMUM_DAYS_IN_CLASS} days after Infrequent Access`);
  }
  if (expireDays <= (glacierDays ?? infrequentAccessDays)) {
    refuse('deletion must come after the last transition');
  }
  if (expireDays < retentionDays) refuse('deletion must not come before the retention ends');
  if (noncurrentDays < retentionDays) refuse('old versions must stay as long as the retention');
  return lifecycle;
}
