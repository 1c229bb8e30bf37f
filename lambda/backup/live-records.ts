import { RedisUnavailable } from '../redis/failures';
import type { BulkRedis } from '../redis/bulk-session';
import { dumpKeys } from '../snapshot/dump';
import type { Pace } from '../snapshot/pace';
import { readAhead } from '../snapshot/read-ahead';
import { rdbVersion } from '../snapshot/payload';
import type { SnapshotRecord } from '../snapshot/record';

/** What reading a live database came across. */
export interface ReadCounts {
  leases: number;
  gone: number;
}

/** The records of a live database as a stream; `counts` is kept up to date on the way. */
export async function* liveRecords(
  redis: BulkRedis,
  pace: Pace,
  match: readonly string[],
  counts: ReadCounts = { leases: 0, gone: 0 },
): AsyncGenerator<SnapshotRecord> {
  for await (const batch of readAhead(dumpKeys(redis, { pace, match }))) {
    counts.leases += batch.leases;
    counts.gone += batch.gone;
    yield* batch.records;
  }
}

/** Keys in the selected database. @throws RedisUnavailable */
export async function keyCount(redis: BulkRedis): Promise<number> {
  const { replies } = await redis.exchange([['DBSIZE']]);
  if (typeof replies[0] !== 'number') throw new RedisUnavailable('other');
  return replies[0];
}

/** RDB version that a server's DUMP writes, learnt from any of its keys; undefined when it has none. */
export async function dumpVersion(redis: BulkRedis): Promise<number | undefined> {
  const { replies } = await redis.exchange([['RANDOMKEY']]);
  const key = replies[0];
  if (!Buffer.isBuffer(key)) return undefined;
  const payload = (await redis.exchange([['DUMP', key]])).replies[0];
  return Buffer.isBuffer(payload) ? rdbVersion(payload) : dumpVersion(redis);
}
