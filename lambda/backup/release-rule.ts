import { stampOfStart, FRAME_HEAD } from '../cache/frames';
import { parseMark } from '../cache/release-mark';
import { CODE_TYPES } from '../names/code-types';
import { keys } from '../names/keys';
import type { BulkRedis } from '../redis/bulk-session';
import { stringStart } from '../snapshot/payload-string';
import type { SnapshotRecord } from '../snapshot/record';

/** Why a value stays out of a target. */
export const OTHER_RELEASE = 'of another release than the live one';

/** Keys whose values belong to a release. */
const OF_A_RELEASE = new RegExp(`^(${[...CODE_TYPES, 'crosswalk', 'hot:codes'].join('|')}):`);

/** The stamp that a record's value was loaded under; undefined for what is no value of a release. */
export function stampOf({ key, payload }: SnapshotRecord): number | undefined {
  if (!OF_A_RELEASE.test(key.toString('latin1'))) return undefined;
  const start = stringStart(payload, FRAME_HEAD);
  return start === undefined ? undefined : stampOfStart(start);
}

/**
 * What a Redis would not take now, by the rule that `restoreBatch` keeps in the instant of each write: a value that was
 * loaded under another release than the one the Redis names. An earlier one might be believed there, though it has
 * changed since. A Redis that names none and was told of none believes nothing that it was not told of, and takes all.
 * @param now milliseconds since 1970
 * @throws RedisUnavailable
 */
export async function leaveOutOf(
  redis: BulkRedis,
  now: number,
): Promise<(record: SnapshotRecord) => string | undefined> {
  const { replies } = await redis.exchange([
    ['GET', keys.release],
    ['GET', keys.told],
  ]);
  const [text, note] = replies;
  const live = parseMark({ text, note }, now)?.stamp;
  const takesAll = text === null && note === null;
  return (record) => {
    const stamp = takesAll ? undefined : stampOf(record);
    return stamp === undefined || stamp === live ? undefined : OTHER_RELEASE;
  };
}
