import { AppError } from '../names/errors';
import type { BulkRedis } from '../redis/bulk-session';
import { probeRestore } from '../snapshot/restore-probe';

/** The server does not take what would be restored; nothing was written. */
export class RestoreRefused extends AppError {
  constructor(message: string) {
    super('UNAVAILABLE', message);
  }
}

/**
 * Asks the server whether it takes payloads up to `newest`, before anything is written.
 * @throws RestoreRefused naming the problem and the remedy; RedisUnavailable
 */
export async function assertRestorable(redis: BulkRedis, newest: number | undefined): Promise<void> {
  const readiness = await probeRestore(redis, newest ?? 1);
  if (readiness.ready) return;
  const server =
    redis.serverVersion === undefined ? 'the server' : `the server (Redis ${redis.serverVersion})`;
  switch (readiness.reason) {
    case 'newer-payload':
      throw new RestoreRefused(
        `The data was dumped in RDB version ${newest ?? 0}, but ${server} takes no newer than ${readiness.newest}. Restore into a Redis at least as new as the source. Nothing was written.`,
      );
    case 'readonly':
      throw new RestoreRefused(
        `The target is a read-only replica. Point the connection string at its primary. Nothing was written.`,
      );
    case 'out-of-memory':
      throw new RestoreRefused(`${OUT_OF_MEMORY} Nothing was written.`);
    default:
      throw new RestoreRefused(`${server} refuses RESTORE: ${readiness.message}. Nothing was written.`);
  }
}

export const OUT_OF_MEMORY =
  'The target is at its memory limit. Enlarge the plan, set maxmemory-policy to allkeys-lru, free memory, or restore a part with --match; then run the same command again, it goes on where it stopped.';
