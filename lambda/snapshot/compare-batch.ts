import { randomUUID } from 'node:crypto';
import { Refusal } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import type { KeyReader } from './key-reader';
import type { KeyState } from './key-states';
import type { Pace } from './pace';
import type { SnapshotRecord } from './record';
import { serverTime } from './replies';
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
 * @param reader of the same server, kept from batch to batch
 * @returns a comparison for each record, in their order
 * @throws RedisUnavailable, ReadRefused
 */
export async function compareBatch(
  redis: BulkRedis,
  reader: KeyReader,
  records: readonly SnapshotRecord[],
  options: CompareOptions,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for await (const { states } of reader.read(records.map(({ key }) => key))) {
    for (const state of states) {
      const record = records[comparisons.length];
      if (record !== undefined) comparisons.push(await compareOne(redis, record, state, options));
    }
  }
  return comparisons;
}

async function compareOne(
  redis: BulkRedis,
  record: SnapshotRecord,
  held: KeyState | undefined,
  { pace, ttlToleranceMs }: CompareOptions,
): Promise<Comparison> {
  if (held === undefined) {
    if (record.expiresAt === 0) return 'missing';
    await pace.take(1);
    const now = serverTime((await redis.exchange([['TIME']])).replies[0]);
    return isExpired(record, now + ttlToleranceMs) ? 'expired' : 'missing';
  }
  const same =
    held.payload.equals(record.payload) || (await sameOnceLoaded(redis, record, held.payload, pace));
  if (!same) return 'different-value';
  if ((held.expiresAt === 0) !== (record.expiresAt === 0)) return 'different-expiry';
  return Math.abs(held.expiresAt - record.expiresAt) <= ttlToleranceMs ? 'same' : 'different-expiry';
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
