import { parseInfo } from '../redis/info';
import { Refusal } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import { RedisUnavailable } from '../redis/failures';
import { inBatches } from '../snapshot/batches';
import { type Pace } from '../snapshot/pace';
import { readAhead } from '../snapshot/read-ahead';
import { rdbVersion } from '../snapshot/payload';
import { OUT_OF_MEMORY } from './restorable';
import { printableKey, type SnapshotRecord } from '../snapshot/record';
import { serverTime } from '../snapshot/replies';
import { isExpired, restoreBatch, type RestoreOutcome } from '../snapshot/restore-batch';

export interface RestoreSettings {
  readonly replace: boolean;
  readonly pace: Pace;
  /** Reads everything and asks the server, but writes nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (done: number) => void;
}

/** Why a restore ended early, with the remedy. */
export interface Stop {
  readonly reason: 'out-of-memory' | 'readonly' | 'newer-payload' | 'unreachable';
  readonly message: string;
}

/** What a restore did. Every record read is counted in exactly one of the first five. */
export interface RestoreReport {
  restored: number;
  /** Left alone, because the key exists and `replace` is off. */
  existing: number;
  expired: number;
  failed: number;
  /** Read and not tried, because the restore had to stop. */
  untried: number;
  /** Keys the server evicted meanwhile to make room; restored ones may be among them. Absent where INFO hides it. */
  evicted?: number;
  reconnects: number;
  /** The first few refused keys and the server's reason. */
  failures: { key: string; reason: string }[];
  stop?: Stop;
}

const SHOWN_FAILURES = 10;

/**
 * Writes records into a server. Stops by itself, with the numbers so far, when the server is out of memory,
 * turns read-only or stays away, or a payload is newer than it can read.
 * @param newest the RDB version the server was found to take, see `assertRestorable`
 * @throws what the source of the records throws
 */
export async function restoreAll(
  redis: BulkRedis,
  records: AsyncIterable<SnapshotRecord>,
  newest: number | undefined,
  settings: RestoreSettings,
): Promise<RestoreReport> {
  const report: RestoreReport = {
    restored: 0,
    existing: 0,
    expired: 0,
    failed: 0,
    untried: 0,
    reconnects: 0,
    failures: [],
  };
  const reconnects = redis.reconnects;
  const evictedBefore = await evictedKeys(redis);
  const apply = settings.dryRun === true ? foresee : restoreBatch;
  for await (const batch of readAhead(inBatches(records))) {
    const tooNew = batch.find((record) => (rdbVersion(record.payload) ?? 0) > (newest ?? 0));
    if (tooNew !== undefined) {
      report.untried += batch.length;
      report.stop = newerPayload(tooNew, newest);
      break;
    }
    const outcomes = await stoppingWhenLost(report, apply(redis, batch, settings));
    if (outcomes === undefined) {
      report.untried += batch.length;
      break;
    }
    outcomes.forEach((outcome, index) => count(report, batch[index], outcome));
    settings.onProgress?.(report.restored + report.existing + report.expired + report.failed);
    if (report.stop !== undefined) break;
  }
  const evictedAfter = report.stop?.reason === 'unreachable' ? undefined : await evictedKeys(redis);
  if (evictedBefore !== undefined && evictedAfter !== undefined && evictedAfter >= evictedBefore) {
    report.evicted = evictedAfter - evictedBefore;
  }
  report.reconnects = redis.reconnects - reconnects;
  return report;
}

async function stoppingWhenLost(
  report: RestoreReport,
  work: Promise<RestoreOutcome[]>,
): Promise<RestoreOutcome[] | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RedisUnavailable)) throw error;
    const message = `The connection to the target was lost and did not come back (${error.failure}). Run the same command again when it answers; it goes on where it stopped.`;
    report.stop = { reason: 'unreachable', message };
    return undefined;
  }
}

function count(report: RestoreReport, record: SnapshotRecord | undefined, outcome: RestoreOutcome): void {
  if (!(outcome instanceof Refusal)) {
    report[outcome] += 1;
    return;
  }
  if (outcome.reason === 'OOM') report.stop ??= { reason: 'out-of-memory', message: OUT_OF_MEMORY };
  if (outcome.reason === 'READONLY') {
    const message =
      'The target turned into a read-only replica. Point the connection string at the primary and run the same command again; it goes on where it stopped.';
    report.stop ??= { reason: 'readonly', message };
  }
  if (outcome.reason === 'OOM' || outcome.reason === 'READONLY') {
    report.untried += 1;
    return;
  }
  report.failed += 1;
  if (record !== undefined && report.failures.length < SHOWN_FAILURES) {
    report.failures.push({ key: printableKey(record.key), reason: outcome.message });
  }
}

function newerPayload(record: SnapshotRecord, newest: number | undefined): Stop {
  const version = rdbVersion(record.payload) ?? 0;
  return {
    reason: 'newer-payload',
    message: `Key ${printableKey(record.key)} was dumped in RDB version ${version}, newer than ${newest ?? 0}, the newest its manifest names. The backup was changed after it was made; run \`backup verify\`.`,
  };
}

/** What `restoreBatch` would do, without doing it. */
async function foresee(
  redis: BulkRedis,
  records: readonly SnapshotRecord[],
  { pace, replace }: { pace: Pace; replace: boolean },
): Promise<RestoreOutcome[]> {
  await pace.take(records.length + 1);
  const { replies } = await redis.exchange([
    ['TIME'],
    ...records.map(({ key }) => ['EXISTS', key] satisfies [string, Buffer]),
  ]);
  const now = serverTime(replies[0]);
  return records.map((record, index) => {
    if (isExpired(record, now)) return 'expired';
    return replies[index + 1] === 1 && !replace ? 'existing' : 'restored';
  });
}

async function evictedKeys(redis: BulkRedis): Promise<number | undefined> {
  const { replies } = await redis.exchange([['INFO', 'stats']]);
  return Buffer.isBuffer(replies[0]) ? parseInfo(replies[0].toString()).evictedKeys : undefined;
}
