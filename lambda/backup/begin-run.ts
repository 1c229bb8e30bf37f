import type { BulkRedis } from '../redis/bulk-session';
import { runName } from './backup-layout';
import type { Checkpoint } from './backup-manifest';
import { releaseIn } from './live-release';

export interface BackupSettings {
  readonly environment: string;
  readonly prefix: string;
  /** Operations per second to keep to; 0 means no limit. */
  readonly opsPerSecond: number;
  /** Days that S3 keeps every object of the backup from being deleted; 0 means no retention. */
  readonly retentionDays: number;
  /** Redis globs; none means every key. */
  readonly match?: readonly string[];
  /** Uncompressed bytes after which a new part starts. */
  readonly partBytes?: number;
}

const DAY_MS = 86_400_000;

/**
 * A run that has nothing yet.
 * @param now milliseconds since 1970
 * @throws RedisUnavailable
 */
export async function beginRun(redis: BulkRedis, settings: BackupSettings, now: number): Promise<Checkpoint> {
  const { replies } = await redis.exchange([['DBSIZE']]);
  const startedAt = new Date(now);
  const { retentionDays } = settings;
  return {
    format: 2,
    run: runName(startedAt),
    environment: settings.environment,
    startedAt: startedAt.toISOString(),
    release: await releaseIn(redis, now),
    redis: { version: redis.serverVersion },
    scan: {
      match: [...(settings.match ?? [])],
      keysAtStart: typeof replies[0] === 'number' ? replies[0] : 0,
      restarts: 0,
      invocations: 0,
      opsPerSecond: settings.opsPerSecond,
    },
    keys: 0,
    payloadBytes: 0,
    gone: 0,
    leases: 0,
    parts: [],
    sequence: 0,
    cursor: '0',
    ...(retentionDays > 0
      ? { retainUntil: new Date(startedAt.getTime() + retentionDays * DAY_MS).toISOString() }
      : {}),
  };
}
