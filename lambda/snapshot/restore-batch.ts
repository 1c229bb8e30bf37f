import { type BulkCommand, Refusal } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import type { Pace } from './pace';
import type { SnapshotRecord } from './record';
import { serverTime } from './replies';
import { NOT_WRITTEN, type ReleaseGuard, restoreOfRelease } from './restore-of-release';
import { restoreUnderLease } from './restore-under-lease';

/**
 * What became of a record: `restored`; `existing`, the key was there and `replace` was off; `expired`, its time
 * had come; `other-release`, the target names another release than the value's; `unnamed-release`, it names none now
 * and was told of another one; or refused by the server.
 */
export type RestoreOutcome =
  'restored' | 'existing' | 'expired' | 'other-release' | 'unnamed-release' | Refusal;

export interface RestoreOptions {
  readonly pace: Pace;
  /** Whether a key that exists is overwritten or left alone. */
  readonly replace: boolean;
  /** Keeps values of another release out, in the instant of each write. */
  readonly guard?: ReleaseGuard | undefined;
  /** Whether the same records may have been written before; those found unchanged count as restored. */
  readonly repeated?: boolean;
}

/**
 * A record that expires sooner than this after the server's clock was read might expire under way, milliseconds.
 * Longer than all attempts of one exchange.
 */
const NEAR_EXPIRY_MS = 10 * 60_000;

/**
 * RESTORE … REPLACE with an expiry in the past deletes the live key and says OK. Inside a script the server's
 * clock stands still, so the question and the deed agree. Answers 0 for a record whose time has come.
 */
const REPLACE_UNLESS_EXPIRED = `
local t = redis.call('TIME')
if tonumber(ARGV[1]) <= tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000) then return 0 end
return redis.call('RESTORE', KEYS[1], ARGV[1], ARGV[2], 'REPLACE', 'ABSTTL')`;

/**
 * Writes records with their absolute expiry; none whose time has come, and none as a key that never expires
 * unless it was one. Bears repetition after a lost connection.
 * @returns an outcome for each record, in their order
 * @throws RedisUnavailable
 */
export async function restoreBatch(
  redis: BulkRedis,
  records: readonly SnapshotRecord[],
  options: RestoreOptions,
): Promise<RestoreOutcome[]> {
  if (records.length === 0) return [];
  await options.pace.take(1);
  const now = serverTime((await redis.exchange([['TIME']])).replies[0]);
  const due = records.filter((record) => !isExpired(record, now));
  const { replies, repeated } = await write(redis, due, options, now);
  const outcomes = new Map<SnapshotRecord, RestoreOutcome>();
  for (const record of due) outcomes.set(record, outcomeOf(replies.get(record)));
  // An earlier attempt may have written what this one found there.
  if (repeated || options.repeated === true) await claimOwn(redis, due, outcomes);
  return records.map((record) => outcomes.get(record) ?? 'expired');
}

/** Databases that have refused a script over two slots: each further one would be refused alike. */
const sharded = new WeakSet<BulkRedis>();

async function write(
  redis: BulkRedis,
  due: readonly SnapshotRecord[],
  options: RestoreOptions,
  now: number,
): Promise<{ replies: ReadonlyMap<SnapshotRecord, unknown>; repeated: boolean }> {
  const { guard, pace } = options;
  const ofRelease = (record: SnapshotRecord): boolean => guard?.stampOf(record) !== undefined;
  const atOnce = sharded.has(redis) ? due.filter((record) => !ofRelease(record)) : due;
  await pace.take(atOnce.length);
  const { replies, attempts } = await redis.exchange(atOnce.map((record) => command(record, options, now)));
  const all = new Map<SnapshotRecord, unknown>();
  atOnce.forEach((record, index) => all.set(record, replies[index]));
  const left = due.filter(
    (record) => !all.has(record) || (ofRelease(record) && crossesSlots(all.get(record))),
  );
  if (guard === undefined || left.length === 0) return { replies: all, repeated: attempts > 1 };
  sharded.add(redis);
  const underLease = await restoreUnderLease(redis, left, { ...options, guard });
  for (const [record, reply] of underLease.replies) all.set(record, reply);
  return { replies: all, repeated: attempts > 1 || underLease.repeated };
}

function crossesSlots(reply: unknown): boolean {
  return reply instanceof Refusal && reply.reason === 'CROSSSLOT';
}

/** What `restoreBatch` would do, without doing it. @throws RedisUnavailable */
export async function foreseeBatch(
  redis: BulkRedis,
  records: readonly SnapshotRecord[],
  { pace, replace }: RestoreOptions,
): Promise<RestoreOutcome[]> {
  await pace.take(records.length + 1);
  const { replies } = await redis.exchange([
    ['TIME'],
    ...records.map(({ key }): BulkCommand => ['EXISTS', key]),
  ]);
  const now = serverTime(replies[0]);
  return records.map((record, index) => {
    if (isExpired(record, now)) return 'expired';
    return replies[index + 1] === 1 && !replace ? 'existing' : 'restored';
  });
}

export function isExpired(record: SnapshotRecord, now: number): boolean {
  return record.expiresAt !== 0 && record.expiresAt <= now;
}

function command(record: SnapshotRecord, { guard, replace }: RestoreOptions, now: number): BulkCommand {
  const ofRelease = guard && restoreOfRelease(record, guard, replace);
  if (ofRelease !== undefined) return ofRelease;
  const { key, payload, expiresAt } = record;
  if (expiresAt === 0) return ['RESTORE', key, 0, payload, ...(replace ? ['REPLACE'] : [])];
  if (!replace) return ['RESTORE', key, expiresAt, payload, 'ABSTTL'];
  if (expiresAt - now > NEAR_EXPIRY_MS) return ['RESTORE', key, expiresAt, payload, 'REPLACE', 'ABSTTL'];
  return ['EVAL', REPLACE_UNLESS_EXPIRED, 1, key, expiresAt, payload];
}

function outcomeOf(reply: unknown): RestoreOutcome {
  if (reply === NOT_WRITTEN.expired) return 'expired';
  if (reply === NOT_WRITTEN.otherRelease) return 'other-release';
  if (reply === NOT_WRITTEN.unnamedRelease) return 'unnamed-release';
  if (!(reply instanceof Refusal)) return 'restored';
  return reply.reason === 'BUSYKEY' ? 'existing' : reply;
}

async function claimOwn(
  redis: BulkRedis,
  records: readonly SnapshotRecord[],
  outcomes: Map<SnapshotRecord, RestoreOutcome>,
): Promise<void> {
  const found = records.filter((record) => outcomes.get(record) === 'existing');
  if (found.length === 0) return;
  const { replies } = await redis.exchange(found.map((record): BulkCommand => ['DUMP', record.key]));
  found.forEach((record, index) => {
    const payload = replies[index];
    if (Buffer.isBuffer(payload) && payload.equals(record.payload)) outcomes.set(record, 'restored');
  });
}
