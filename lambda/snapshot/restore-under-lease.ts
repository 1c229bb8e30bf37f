import { randomUUID } from 'node:crypto';
import { keys } from '../names/keys';
import { TTL } from '../names/ttl';
import { type BulkCommand, Refusal } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import type { Pace } from './pace';
import type { SnapshotRecord } from './record';
import { NOT_WRITTEN, type ReleaseGuard } from './restore-of-release';

/** Bytes of values in one round trip, so that it ends well within a lease's life on a slow line too. */
const ROUND_BYTES = 256 * 1024;

/** Times that a record is tried whose lease was lost: to a publish, to a lookup, or by lapsing. */
const TRIES = 5;

/** Writes a value only while its lease is held, and ends the lease; none whose time has come. */
const RESTORE_UNDER_LEASE = `
if redis.pcall('GET', KEYS[2]) ~= ARGV[1] then return ${NOT_WRITTEN.leaseLost} end
redis.call('DEL', KEYS[2])
local t = redis.call('TIME')
local expires = tonumber(ARGV[2])
if expires > 0 and expires <= tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000) then
  return ${NOT_WRITTEN.expired}
end
local flags = {}
if expires > 0 then flags[1] = 'ABSTTL' end
if ARGV[4] == '1' then flags[#flags + 1] = 'REPLACE' end
return redis.pcall('RESTORE', KEYS[1], ARGV[2], ARGV[3], unpack(flags))`;

/** Ends a lease that is still the caller's, and says with which answer its record stays out. */
const STAY_OUT = `
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return tonumber(ARGV[2])`;

export interface UnderLeaseOptions {
  readonly pace: Pace;
  readonly replace: boolean;
  readonly guard: ReleaseGuard;
}

/** What the server answered for each record, as for `restoreOfRelease`. */
export interface UnderLease {
  readonly replies: ReadonlyMap<SnapshotRecord, unknown>;
  /** Whether an earlier attempt may have written any of the records already. */
  readonly repeated: boolean;
}

/**
 * Writes values of a release where one script cannot name a value's key and the release key, because they lie in
 * different shards: Redis Cloud behind its proxy, which refuses it with CROSSSLOT. A value then comes in as a lookup
 * writes one: its lease first, which shares its slot, then the look at the release, then the write, if the lease is
 * still held. A publish names the new release before it removes what changed, and removes each key's lease before the
 * key. So either the look finds the new release, or the lease of a changed value is gone: nothing that a publish has
 * removed comes back, at no moment. A lookup that fills the same key meanwhile loses its lease, and looks again.
 *
 * Each step waits for the one before, for a proxy keeps no order between shards.
 * @throws RedisUnavailable, ReadRefused
 */
export async function restoreUnderLease(
  redis: BulkRedis,
  records: readonly SnapshotRecord[],
  options: UnderLeaseOptions,
): Promise<UnderLease> {
  const replies = new Map<SnapshotRecord, unknown>();
  let repeated = false;
  for (const group of groups(records)) {
    let left = group;
    for (let attempt = 1; attempt <= TRIES && left.length > 0; attempt += 1) {
      const round = await oneRound(redis, left, options);
      repeated ||= round.repeated;
      for (const [record, reply] of round.replies) replies.set(record, reply);
      left = left.filter((record) => replies.get(record) === NOT_WRITTEN.leaseLost);
    }
    for (const record of left) replies.set(record, leaseNeverKept());
  }
  return { replies, repeated };
}

async function oneRound(
  redis: BulkRedis,
  records: readonly SnapshotRecord[],
  { pace, replace, guard }: UnderLeaseOptions,
): Promise<UnderLease> {
  const token = randomUUID();
  await pace.take(2 * records.length + 3);
  const claims = await redis.exchange(
    records.map((record): BulkCommand => ['SET', leaseOf(record), token, 'EX', TTL.lease]),
  );
  const replies = new Map<SnapshotRecord, unknown>();
  // The first attempt may still reach the server late, and give back a lease that a publish has taken away.
  const doubtful = claims.attempts > 1;
  const refusalOf = doubtful ? () => NOT_WRITTEN.leaseLost : await guard.look(redis);
  const claimed = records.filter((record, index) => {
    const claim = claims.replies[index];
    if (claim instanceof Refusal) replies.set(record, claim);
    return !(claim instanceof Refusal);
  });
  const written = await redis.exchange(
    claimed.map((record): BulkCommand => {
      const stay = refusalOf(guard.stampOf(record));
      if (stay !== undefined) return ['EVAL', STAY_OUT, 1, leaseOf(record), token, stay];
      const { key, payload, expiresAt } = record;
      const args = [token, expiresAt, payload, replace ? '1' : '0'];
      return ['EVAL', RESTORE_UNDER_LEASE, 2, key, leaseOf(record), ...args];
    }),
  );
  claimed.forEach((record, index) => replies.set(record, written.replies[index]));
  return { replies, repeated: written.attempts > 1 };
}

/** As `keys.lease` spells it, of a key that need not be text. */
function leaseOf({ key }: SnapshotRecord): Buffer {
  return Buffer.from(keys.lease(key.toString('latin1')), 'latin1');
}

function leaseNeverKept(): Refusal {
  return new Refusal(
    `ERR the key's lease was lost ${TRIES} times, to lookups or a publish at work or to a slow connection; run the same command again`,
  );
}

function groups(records: readonly SnapshotRecord[]): (readonly SnapshotRecord[])[] {
  const all: SnapshotRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    bytes += record.payload.length;
    if (bytes > ROUND_BYTES) {
      all.push([]);
      bytes = record.payload.length;
    }
    all.at(-1)?.push(record);
  }
  return all;
}
