import { type JobOutcome, parseRequest, performJob } from '../../backup/backup-job';
import { openStore } from '../../store/open-store';
import { CHECKPOINT_MARGIN_MS } from '../../backup/backup-run';
import { backupRate } from '../../backup/backup-rate';
import { BulkSession } from '../../redis/bulk-session';
import { secretSource } from '../../redis/secret';
import { emfSink } from '../../telemetry/emit';
import { jsonLog } from '../../telemetry/logger';
import { systemClock } from '../../names/clock';
import { settingsOf } from '../settings';

const { environment, redisSecretArn, catalogStore, backupPrefix, backupRetentionDays, planOpsPerSecond } =
  settingsOf(process.env);
const log = jsonLog('backup');
const metrics = emfSink(environment);
const store = openStore(catalogStore);
const source = secretSource(redisSecretArn);

/** Part of Lambda's context that is needed here. */
interface Context {
  getRemainingTimeInMillis(): number;
}

/**
 * Backs Redis up. A schedule's event, or `{}`, starts a run; a checkpoint's S3 event, or
 * `{"checkpoint": "<key>"}`, goes on with one.
 */
export async function handler(event: unknown, context: Context): Promise<{ status: JobOutcome['status'] }> {
  const redis = new BulkSession({
    source,
    clock: systemClock,
    noTouch: true,
    // A server that stays away must not eat the time kept back for the checkpoint.
    patienceMs: CHECKPOINT_MARGIN_MS / 2,
    onRetry: (reason, delayMs) =>
      log.write('warn', 'Redis does not answer; trying again', { reason, delayMs }),
  });
  try {
    const outcome = await performJob(
      {
        redis,
        store,
        clock: systemClock,
        log,
        metrics,
        remainingMs: () => context.getRemainingTimeInMillis(),
      },
      {
        environment,
        prefix: backupPrefix,
        retentionDays: backupRetentionDays,
        opsPerSecond: backupRate(planOpsPerSecond),
      },
      parseRequest(event),
    );
    return { status: outcome.status };
  } finally {
    redis.close();
  }
}
