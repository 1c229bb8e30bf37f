import { keys } from '../names/keys';
import type { RedisClient } from '../redis/connection';

/** The Redis commands a roll-up needs. */
export type UsageRedis = Pick<RedisClient, 'eval' | 'zrange'>;

/**
 * One batch of a team's counts, taken out of the way of new ones. Its id is a member of the same sorted set,
 * so that counts and id live, and are evicted, together.
 */
export interface Batch {
  readonly id: string;
  readonly uses: ReadonlyMap<string, number>;
}

/** Marks the member that names the batch; no code type starts with it. */
const ID_MARK = '#';

/** Where a claimed batch waits; the braces keep it in the slot of the key it was renamed from. */
export function claimedKey(teamId: string): string {
  return `{${keys.usage(teamId)}}:claimed`;
}

/** Both key shapes that hold counts, as one SCAN pattern. */
export const USAGE_SCAN_PATTERN = '*usage:*';

/** Team of a key that holds counts, claimed or not; undefined for other keys. */
export function teamOfUsageKey(key: string): string | undefined {
  return /^usage:([A-Za-z0-9_-]+)$/.exec(key)?.[1] ?? /^\{usage:([A-Za-z0-9_-]+)\}:claimed$/.exec(key)?.[1];
}

// A batch left by a crashed roll-up stays the batch: renaming over it would lose its counts.
const CLAIM = `
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
redis.call('RENAME', KEYS[1], KEYS[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('PERSIST', KEYS[2])
return 1`;

// Only the batch that was applied goes; another run may have claimed the next one meanwhile.
const DISCARD = `
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return redis.call('DEL', KEYS[1]) end
return 0`;

/**
 * Takes a team's counts so far as a batch, or finds the one that an interrupted roll-up left behind. New uses
 * go on counting into `usage:<teamId>`.
 * @param newId id for the batch if one is made now
 * @returns undefined when the team has no counts
 */
export async function claim(redis: UsageRedis, teamId: string, newId: string): Promise<Batch | undefined> {
  const claimed = claimedKey(teamId);
  await redis.eval(CLAIM, 2, keys.usage(teamId), claimed, ID_MARK + newId);
  const flat = await redis.zrange(claimed, '0', '-1', 'WITHSCORES');
  const uses = new Map<string, number>();
  let id: string | undefined;
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const member = flat[at] ?? '';
    if (member.startsWith(ID_MARK)) id = member.slice(ID_MARK.length);
    else uses.set(member, Number(flat[at + 1]));
  }
  return id === undefined ? undefined : { id, uses };
}

/** Drops a batch whose counts are safely stored; harmless when it is gone or has been replaced. */
export async function discard(redis: UsageRedis, teamId: string, batchId: string): Promise<void> {
  await redis.eval(DISCARD, 1, claimedKey(teamId), ID_MARK + batchId);
}
