import { randomUUID } from 'node:crypto';
import { type BulkCommand, Refusal } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import type { Pace } from './pace';
import type { SnapshotRecord } from './record';
import { keyState, serverTime } from './replies';
import { isExpired } from './restore-batch';

/** How a server's key compares to a record. `expired`: its time has come, and it is gone as it should be. */
export type Comparison = 'same' | 'missing' | 'different-value' | 'different-expiry' | 'expired';

export interface CompareOptions {
  readonly pace: Pace;
  /** Milliseconds that two expiries may differ and still be the same. */
  readonly ttlToleranceMs: number;
}

/** Temporary copies vanish by themselves should this process die. */
const COPY_TTL_MS = 60_000;

/**
 * Compares records with what a server holds now.
 * @returns a comparison for each record, in their order
 * @throws RedisUnavailable
 */
export async function compareBatch(
  redis: BulkRedis,
  records: readonly SnapshotRecord[],
  options: CompareOptions,
): Promise<Comparison[]> {
  const commands: BulkCommand[] = [
    ['TIME'],
    ...records.flatMap(({ key }): BulkCommand[] => [
      ['DUMP', key],
      ['PTTL', key],
    ]),
  ];
  await options.pace.take(commands.length);
  const { replies } = await redis.exchange(commands);
  const now = serverTime(replies[0]);
  const comparisons: Comparison[] = [];
  for (const [index, record] of records.entries()) {
    const held = keyState(replies[1 + 2 * index], replies[2 + 2 * index]);
    comparisons.push(await compareOne(redis, record, held, now, options));
  }
  return comparisons;
}

async function compareOne(
  redis: BulkRedis,
  record: SnapshotRecord,
  held: { payload: Buffer; ttl: number } | undefined,
  now: number,
  options: CompareOptions,
): Promise<Comparison> {
  if (held === undefined) {
    return isExpired(record, now + options.ttlToleranceMs) ? 'expired' : 'missing';
  }
  if (
    !held.payload.equals(record.payload) &&
    !(await sameOnceLoaded(redis, record, held.payload, options.pace))
  ) {
    return 'different-value';
  }
  const expiresAt = held.ttl === -1 ? 0 : now + held.ttl;
  if ((expiresAt === 0) !== (record.expiresAt === 0)) return 'different-expiry';
  return Math.abs(expiresAt - record.expiresAt) <= options.ttlToleranceMs ? 'same' : 'different-expiry';
}

/**
 * One value has several encodings: another version writes another, and a hash table's order depends on the
 * process. So where bytes differ, the record is loaded beside the key and dumped by the same server.
 */
async function sameOnceLoaded(
  redis: BulkRedis,
  record: SnapshotRecord,
  payload: Buffer,
  pace: Pace,
): Promise<boolean> {
  const copy = `medical-codes:compare:${randomUUID()}`;
  await pace.take(3);
  const { replies } = await redis.exchange([
    ['RESTORE', copy, COPY_TTL_MS, record.payload, 'REPLACE'],
    ['DUMP', copy],
    ['UNLINK', copy],
  ]);
  const loaded = replies[1];
  return !(replies[0] instanceof Refusal) && Buffer.isBuffer(loaded) && loaded.equals(payload);
}
