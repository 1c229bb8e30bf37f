import { type BulkCommand, Refusal } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import type { Pace } from './pace';
import { ReadRefused, serverTime } from './replies';

/** What a server holds under a key. */
export interface KeyState {
  /** What DUMP answered, unchanged. */
  readonly payload: Buffer;
  /** When the key expires, Unix time in milliseconds; 0 means never. */
  readonly expiresAt: number;
}

/** PTTL and PEXPIRETIME of a key that never expires. */
const NEVER = -1;
/** Two readings of the server's clock further apart than this make what lies between them doubtful, milliseconds. */
const HELD_UP_MS = 5;
/** A server that is always held up is taken at its word. */
const MOST_ATTEMPTS = 5;
/** Redis that has PEXPIRETIME. */
const EXPIRY_TIMES_SINCE = 7;

/**
 * Reads keys with the exact time at which each expires. Redis has told that since 7.0; of an older one the remaining
 * time is asked for before any payload, between two looks at the server's clock: a large value takes seconds to send,
 * by which every time read after it would be off. The expiry is always read first, so that a key which changes in
 * between may end early but is never made immortal by the value before.
 */
export class KeyStates {
  /** Whether PEXPIRETIME was refused, by a proxy or to this user. */
  #refused = false;

  constructor(
    private readonly redis: BulkRedis,
    private readonly pace: Pace,
  ) {}

  /**
   * @param mostReplyBytes see `BulkRedis.exchange`
   * @returns a state for each key, in their order; undefined where it is gone
   * @throws RedisUnavailable, ReadRefused, ReplyTooLarge
   */
  async read(keys: readonly Buffer[], mostReplyBytes?: number): Promise<(KeyState | undefined)[]> {
    if (!this.#refused && majorVersion(this.redis.serverVersion) >= EXPIRY_TIMES_SINCE) {
      const states = await this.#byExpiryTime(keys, mostReplyBytes);
      if (states !== undefined) return states;
      this.#refused = true;
    }
    return this.#byRemainingTime(keys, mostReplyBytes);
  }

  /** Undefined where the server refuses PEXPIRETIME. */
  async #byExpiryTime(
    keys: readonly Buffer[],
    mostReplyBytes: number | undefined,
  ): Promise<(KeyState | undefined)[] | undefined> {
    const commands = keys.flatMap((key): BulkCommand[] => [
      ['PEXPIRETIME', key],
      ['DUMP', key],
    ]);
    await this.pace.take(commands.length);
    const { replies } = await this.redis.exchange(commands, { mostReplyBytes });
    if (replies[0] instanceof Refusal) return undefined;
    return keys.map((_key, index) => {
      const time = replies[2 * index];
      return stateOf(replies[2 * index + 1], time, time);
    });
  }

  async #byRemainingTime(
    keys: readonly Buffer[],
    mostReplyBytes: number | undefined,
  ): Promise<(KeyState | undefined)[]> {
    const { now, left } = await this.#remainingTimes(keys);
    await this.pace.take(keys.length);
    const dumps = keys.map((key): BulkCommand => ['DUMP', key]);
    const { replies } = await this.redis.exchange(dumps, { mostReplyBytes });
    return replies.map((payload, index) => {
      const milliseconds = left[index];
      const time = typeof milliseconds === 'number' ? now + milliseconds : undefined;
      return stateOf(payload, milliseconds, time);
    });
  }

  /** Asks for the time before and after, and again where the server was held up in between; the closest pair counts. */
  async #remainingTimes(keys: readonly Buffer[]): Promise<{ now: number; left: readonly unknown[] }> {
    const commands: BulkCommand[] = [['TIME'], ...keys.map((key): BulkCommand => ['PTTL', key]), ['TIME']];
    let closest: { apart: number; now: number; left: readonly unknown[] } = {
      apart: Infinity,
      now: 0,
      left: [],
    };
    for (let attempts = 0; attempts < MOST_ATTEMPTS && closest.apart > HELD_UP_MS; attempts += 1) {
      await this.pace.take(commands.length);
      const { replies } = await this.redis.exchange(commands);
      const [before, after] = [serverTime(replies[0]), serverTime(replies.at(-1))];
      const apart = after - before;
      if (apart < closest.apart) closest = { apart, now: (before + after) / 2, left: replies.slice(1, -1) };
    }
    return closest;
  }
}

/**
 * @param left answer to PTTL or PEXPIRETIME: -2 and 0 mean gone, and must never become the 0 that means "for ever"
 * @param time when the key expires, unless `left` says never or gone
 */
function stateOf(payload: unknown, left: unknown, time: unknown): KeyState | undefined {
  for (const reply of [payload, left]) if (reply instanceof Refusal) throw new ReadRefused(reply);
  if (!Buffer.isBuffer(payload) || typeof left !== 'number' || typeof time !== 'number') return undefined;
  if (left === NEVER) return { payload, expiresAt: 0 };
  return left > 0 ? { payload, expiresAt: Math.round(time) } : undefined;
}

/** Of a version as INFO names it; 0 where it does not. */
function majorVersion(version: string | undefined): number {
  return Number(/^\d+/.exec(version ?? '')?.[0] ?? 0);
}
