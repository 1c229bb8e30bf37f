import type { BulkCommand } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import type { SnapshotRecord } from './record';

/** Where and how a target says which release is live. */
export interface ReleaseGuard {
  /** The release key, a frame that expires by its own word too, and the note of what the target was told in full. */
  readonly keys: readonly [release: string, told: string];
  /** Stamp of a record's value, 24 bits; undefined for what belongs to no release. */
  stampOf(record: SnapshotRecord): number | undefined;
  /**
   * What the script asks, asked by itself: by which of its answers a value of a stamp stays out; undefined where it may
   * come.
   * @throws RedisUnavailable, ReadRefused
   */
  look(redis: BulkRedis): Promise<(stamp: number | undefined) => StaysOut | undefined>;
}

/** What a script answers where it writes nothing. */
export const NOT_WRITTEN = { expired: 0, otherRelease: -1, unnamedRelease: -2, leaseLost: -3 } as const;

export type StaysOut = (typeof NOT_WRITTEN)[keyof typeof NOT_WRITTEN];

/**
 * Writes a value of a release only where that release is live, asked in the instant of the write: a publish may go on
 * meanwhile, and what it has removed must not come back. The release key counts as it does for a reader (`parseMark`):
 * not past its own expiry, nor where the note contradicts it. It lapses after a minute without a reader; then the note
 * decides, for a value loaded under the release that the cache was told of is one that a lookup could have left there.
 * Where neither says anything nothing is believed but values of the live release, and all may come.
 *
 * A user who may not read them is refused, not taken for a Redis that says nothing. `pcall`, because before Redis 7 a
 * refusal that a script passes on loses its first word, such as BUSYKEY. Where the keys lie in different shards the
 * script is refused with CROSSSLOT: see `restoreUnderLease`.
 */
const RESTORE_OF_RELEASE = `
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local expires = tonumber(ARGV[1])
if expires > 0 and expires <= now then return ${NOT_WRITTEN.expired} end
local texts = {}
for at = 2, 3 do
  local value = redis.pcall('GET', KEYS[at])
  if type(value) == 'string' then texts[at] = value
  elseif type(value) == 'table' and not string.find(value.err, 'WRONGTYPE', 1, true) then return value end
end
local mark, told = texts[2], texts[3]
local live
if mark and #mark > 12 then
  local a, b, c, d = string.byte(mark, 6, 9)
  local read, says = pcall(cjson.decode, string.sub(mark, 13))
  if read and type(says) == 'table' and type(says.recent) == 'table'
    and (a + 256 * (b + 256 * (c + 256 * d))) * 1000 > now then
    for _, stamp in ipairs(says.recent) do
      if not told or tostring(stamp) == told then live = string.sub(mark, 10, 12) end
    end
  end
end
if live then
  if live ~= ARGV[3] then return ${NOT_WRITTEN.otherRelease} end
elseif told and told ~= ARGV[4] then return ${NOT_WRITTEN.unnamedRelease} end
local flags = {}
if expires > 0 then flags[1] = 'ABSTTL' end
if ARGV[5] == '1' then flags[#flags + 1] = 'REPLACE' end
return redis.pcall('RESTORE', KEYS[1], ARGV[1], ARGV[2], unpack(flags))`;

/** The command that restores a value of a release; undefined for any other value. */
export function restoreOfRelease(
  record: SnapshotRecord,
  guard: ReleaseGuard,
  replace: boolean,
): BulkCommand | undefined {
  const stamp = guard.stampOf(record);
  if (stamp === undefined) return undefined;
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(stamp, 0, 3);
  const { key, payload, expiresAt } = record;
  const args = [expiresAt, payload, bytes, String(stamp), replace ? '1' : '0'];
  return ['EVAL', RESTORE_OF_RELEASE, 3, key, ...guard.keys, ...args];
}
