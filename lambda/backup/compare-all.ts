import type { BulkRedis } from '../redis/bulk-session';
import { inBatches } from '../snapshot/batches';
import { compareBatch, type CompareOptions, type Comparison } from '../snapshot/compare-batch';
import { MAX_RESTARTS, UnsteadyServer } from '../snapshot/dump';
import { KeyReader } from '../snapshot/key-reader';
import { readAhead } from '../snapshot/read-ahead';
import { printableKey, type SnapshotRecord } from '../snapshot/record';

/** How a server compares to a backup or another server. Every record is counted in exactly one. */
export interface ComparisonReport {
  same: number;
  missing: number;
  differentValue: number;
  differentExpiry: number;
  /** Keys whose time has come and which are gone, as they should be. */
  expired: number;
  /** Not compared, as the restore before left it out: of a comparison that finds nothing, how much it looked at. */
  leftOut: number;
  /** The first few keys that do not agree. */
  differences: { key: string; difference: Exclude<Comparison, 'same' | 'expired'> }[];
}

/**
 * Two clocks and a round trip lie between two readings of a TTL, and no user of a cache minds a second.
 */
export const TTL_TOLERANCE_MS = 1_000;

const SHOWN_DIFFERENCES = 10;
const COUNTED = {
  same: 'same',
  missing: 'missing',
  'different-value': 'differentValue',
  'different-expiry': 'differentExpiry',
  expired: 'expired',
} as const satisfies Record<Comparison, keyof ComparisonReport>;

export interface CompareAllOptions extends CompareOptions {
  /** Left out of the comparison, as of the restore before it. */
  readonly leaveOut?: ((record: SnapshotRecord) => string | undefined) | undefined;
  readonly onProgress?: (done: number) => void;
}

/**
 * Compares each record with what the server holds now, value and expiry. Where another server process answers
 * meanwhile, what was found before may no longer be there, and the comparison begins anew.
 * @param read reads the records from the beginning
 * @throws RedisUnavailable, ReadRefused, UnsteadyServer
 */
export async function compareAll(
  redis: BulkRedis,
  read: () => AsyncIterable<SnapshotRecord>,
  options: CompareAllOptions,
): Promise<ComparisonReport> {
  for (let restarts = 0; restarts <= MAX_RESTARTS; restarts += 1) {
    await redis.exchange([['PING']]);
    const { serverId } = redis;
    const report = await compareOnce(redis, read(), options);
    await redis.exchange([['PING']]);
    if (redis.serverId === serverId) return report;
  }
  throw new UnsteadyServer();
}

async function compareOnce(
  redis: BulkRedis,
  records: AsyncIterable<SnapshotRecord>,
  options: CompareAllOptions,
): Promise<ComparisonReport> {
  const report: ComparisonReport = {
    same: 0,
    missing: 0,
    differentValue: 0,
    differentExpiry: 0,
    expired: 0,
    leftOut: 0,
    differences: [],
  };
  const reader = new KeyReader(redis, options.pace);
  let done = 0;
  for await (const all of readAhead(inBatches(records))) {
    const batch = all.filter((record) => options.leaveOut?.(record) === undefined);
    report.leftOut += all.length - batch.length;
    const comparisons = await compareBatch(redis, reader, batch, options);
    for (const [index, comparison] of comparisons.entries()) {
      report[COUNTED[comparison]] += 1;
      const record = batch[index];
      if (comparison === 'same' || comparison === 'expired' || record === undefined) continue;
      if (report.differences.length < SHOWN_DIFFERENCES) {
        report.differences.push({ key: printableKey(record.key), difference: comparison });
      }
    }
    done += all.length;
    options.onProgress?.(done);
  }
  return report;
}

/** Whether nothing is missing or different. */
export function agrees(report: ComparisonReport): boolean {
  return report.missing + report.differentValue + report.differentExpiry === 0;
}
