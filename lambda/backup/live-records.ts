import { type BulkCommand, Refusal } from '../redis/bulk-connection';
import { RedisUnavailable } from '../redis/failures';
import type { BulkRedis } from '../redis/bulk-session';
import { dumpKeys } from '../snapshot/dump';
import type { Pace } from '../snapshot/pace';
import { readAhead } from '../snapshot/read-ahead';
import { rdbVersion } from '../snapshot/payload';
import type { SnapshotRecord } from '../snapshot/record';
import { ReadRefused } from '../snapshot/replies';

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

/** Keys in the selected database. @throws RedisUnavailable, ReadRefused */
export async function keyCount(redis: BulkRedis): Promise<number> {
  const [reply] = await answers(redis, [['DBSIZE']]);
  if (typeof reply !== 'number') throw new RedisUnavailable('other');
  return reply;
}

/** Keys may expire between being named and being read; one in so many tries will not. */
const MOST_TRIES = 10;

/**
 * RDB version that a server's DUMP writes, learnt from any of its keys; undefined when it has none.
 * @throws RedisUnavailable, ReadRefused
 */
export async function dumpVersion(redis: BulkRedis): Promise<number | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const [key] = await answers(redis, [['RANDOMKEY']]);
    if (!Buffer.isBuffer(key)) return undefined;
    const [payload] = await answers(redis, [['DUMP', key]]);
    if (Buffer.isBuffer(payload)) return rdbVersion(payload);
  }
  return undefined;
}

async function answers(redis: BulkRedis, commands: readonly BulkCommand[]): Promise<readonly unknown[]> {
  const { replies } = await redis.exchange(commands);
  for (const reply of replies) if (reply instanceof Refusal) throw new ReadRefused(reply);
  return replies;
}
