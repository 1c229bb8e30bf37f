import { stampOfStart, FRAME_HEAD } from '../cache/frames';
import { parseMark } from '../cache/release-mark';
import { readPointer } from '../catalog/pointer';
import { stampNumber } from '../catalog/stamp';
import { CODE_TYPES } from '../names/code-types';
import { keys } from '../names/keys';
import { Refusal } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import { stringStart } from '../snapshot/payload-string';
import type { SnapshotRecord } from '../snapshot/record';
import { ReadRefused, serverTime } from '../snapshot/replies';
import { NOT_WRITTEN, type ReleaseGuard } from '../snapshot/restore-of-release';
import type { ObjectStore } from '../store/object-store';

/** Why a value stays out of a target. */
export const OTHER_RELEASE = 'of another release than the live one';
export const UNNAMED_RELEASE = 'the target names no live release now, and was told of another one';

/** Keys whose values belong to a release. */
const OF_A_RELEASE = new RegExp(`^(${[...CODE_TYPES, 'crosswalk', 'hot:codes'].join('|')}):`);

/** The stamp that a record's value was loaded under; undefined for what is no value of a release. */
export function stampOf({ key, payload }: SnapshotRecord): number | undefined {
  if (!OF_A_RELEASE.test(key.toString('latin1'))) return undefined;
  const start = stringStart(payload, FRAME_HEAD);
  return start === undefined ? undefined : stampOfStart(start);
}

/** What a Redis says of the live release: its stamp, or else the one that it was last told of in full. */
interface Said {
  readonly live: number | undefined;
  readonly told: string | undefined;
}

type Rule = (record: SnapshotRecord) => string | undefined;

/**
 * What a Redis would not take now, by the rule that `restoreBatch` keeps in the instant of each write: a value that was
 * loaded under another release than the live one. An earlier one might be believed there, though it has changed since.
 * @param store of the catalog that the Redis belongs to; asked only where the Redis says nothing
 * @throws RedisUnavailable, ReadRefused, SourceUnavailable
 */
export async function leaveOutOf(redis: BulkRedis, store: ObjectStore | undefined): Promise<Rule> {
  const said = await saidBy(redis);
  if (said.live !== undefined) return allBut(said.live);
  if (said.told === undefined) return byStore(store);
  return (record) => {
    const stamp = stampOf(record);
    return stamp === undefined || String(stamp) === said.told ? undefined : UNNAMED_RELEASE;
  };
}

/**
 * The same for a run that writes, where `restoreBatch` judges what the Redis says at each write: only what the Redis
 * cannot say by itself. One that says nothing believes no value of another release, so that each would only take room.
 * @throws RedisUnavailable, ReadRefused, SourceUnavailable
 */
export async function leaveOutUnsaid(redis: BulkRedis, store: ObjectStore | undefined): Promise<Rule> {
  const { live, told } = await saidBy(redis);
  return live === undefined && told === undefined ? byStore(store) : takesAll;
}

/** The same rule for `restoreBatch`, which keeps it in the instant of each write. */
export const RELEASE_GUARD: ReleaseGuard = {
  keys: [keys.release, keys.told],
  stampOf,
  async look(redis) {
    const { live, told } = await saidBy(redis);
    return (stamp) => {
      if (stamp === undefined) return undefined;
      if (live !== undefined) return stamp === live ? undefined : NOT_WRITTEN.otherRelease;
      return told === undefined || told === String(stamp) ? undefined : NOT_WRITTEN.unnamedRelease;
    };
  },
};

async function saidBy(redis: BulkRedis): Promise<Said> {
  const { replies } = await redis.exchange([['TIME'], ['GET', keys.release], ['GET', keys.told]]);
  const [time, text, note] = replies;
  for (const reply of [text, note]) {
    // A value of another type says nothing; a user who may not read it must not be taken for that.
    if (reply instanceof Refusal && reply.reason !== 'WRONGTYPE') throw new ReadRefused(reply);
  }
  return {
    live: parseMark({ text, note }, serverTime(time))?.stamp,
    told: Buffer.isBuffer(note) ? note.toString() : undefined,
  };
}

async function byStore(store: ObjectStore | undefined): Promise<Rule> {
  const stored = store && (await readPointer(store));
  return stored === undefined ? takesAll : allBut(stampNumber(stored.pointer.stamp));
}

const takesAll: Rule = () => undefined;

function allBut(live: number): Rule {
  return (record) => {
    const stamp = stampOf(record);
    return stamp === undefined || stamp === live ? undefined : OTHER_RELEASE;
  };
}
