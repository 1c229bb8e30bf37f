import type { Clock } from '../names/clock';
import { within } from '../names/time-limit';
import { HELD_PATIENCE_MS } from '../names/ttl';
import { connectionOf } from '../redis/connection';
import { CommandRefused, RedisUnavailable } from '../redis/failures';
import type { Generation } from './generation';
import type { GuardedRedis } from './guard';
import { readMark } from './release-mark';
import type { ReleaseWatch } from './release-watch';
import type { StoredFrames } from './stored';

/** What looks at Redis and at the live release need. */
export interface LooksHost {
  readonly watch: ReleaseWatch;
  readonly redis: GuardedRedis;
  readonly stored: StoredFrames;
  readonly clock: Clock;
}

/** Frames as read, and the generation to judge them by; undefined where nobody tells. */
export interface Seen {
  readonly generation: Generation | undefined;
  readonly frames: readonly unknown[];
  /** The connection that they came over. */
  readonly over: unknown;
}

/** Whether Redis takes no part: it does not answer, or refuses. */
export function isOut(error: unknown): boolean {
  return error instanceof RedisUnavailable || error instanceof CommandRefused;
}

/**
 * Looks at what Redis holds, and at the release to judge it by. Neither waits long for a store that hangs.
 */
export class Looks {
  /** How long looks for the release that are under way are waited for: who joins one waits for what is left of that. */
  readonly #limits = new WeakMap<Promise<unknown>, Promise<Generation | undefined>>();

  constructor(private readonly host: LooksHost) {}

  /** The generation, looked up in Redis, or in the store when Redis is out: but memory waits for neither long. */
  async check(): Promise<Generation | undefined> {
    const { watch, redis } = this.host;
    const look = watch.begin();
    try {
      const heard = watch.hear(await redis.run(readMark), look);
      if (heard !== undefined) return heard;
    } catch (error) {
      if (!isOut(error)) throw error;
      return this.soon(watch.renewAlone());
    }
    return this.soon(watch.renew());
  }

  /** What Redis holds, judged by a release told no later than that; undefined when Redis is out. */
  async look(keys: readonly string[]): Promise<Seen | undefined> {
    const { watch, redis, stored, clock } = this.host;
    const readFrames = (): Promise<Omit<Seen, 'generation'>> =>
      redis.run(async (client) => ({
        frames: await stored.read(client, keys),
        over: connectionOf(client),
      }));
    try {
      const fresh = watch.fresh(clock.now());
      if (fresh !== undefined) return { generation: fresh, ...(await readFrames()) };
      const look = watch.begin();
      const { mark, frames, over } = await redis.run(async (client) => {
        const first = readMark(client);
        if (client.isCluster) await first;
        const [mark, frames] = await Promise.all([first, stored.read(client, keys)]);
        return { mark, frames, over: connectionOf(client) };
      });
      const heard = watch.hear(mark, look);
      // Where nothing is held the fill asks who is live; it has to wait for the store anyway.
      if (heard !== undefined || frames.every((frame) => frame === null))
        return { generation: heard, frames, over };
      const renewed = await this.soon(watch.renew());
      if (renewed === undefined) return { generation: watch.known, frames, over };
      return { generation: renewed, ...(await readFrames()) };
    } catch (error) {
      this.suspectAfter(error, keys);
      if (isOut(error)) return undefined;
      throw error;
    }
  }

  /** A key whose read timed out is read with care the next time. */
  suspectAfter(error: unknown, keys: readonly string[]): void {
    if (error instanceof RedisUnavailable && error.failure === 'timeout') this.host.stored.suspect(keys);
  }

  /** The release if the store tells it soon: what is held does not wait for it longer, and it is learnt all the same. */
  async soon(renewing: Promise<Generation | undefined>): Promise<Generation | undefined> {
    const limited = this.#limits.get(renewing) ?? within(renewing, HELD_PATIENCE_MS, () => undefined);
    this.#limits.set(renewing, limited);
    return limited;
  }
}
