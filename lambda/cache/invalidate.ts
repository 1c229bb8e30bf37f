import { randomBytes } from 'node:crypto';
import type { RedisClient } from '../redis/connection';
import { RedisUnavailable } from '../redis/failures';
import { type Clock, systemClock } from '../names/clock';
import type { RedisRunner } from './guard';
import { keys } from '../names/keys';
import { markedRelease } from './release';
import { RELEASE_CHECK_MS, TTL } from '../names/ttl';

/** Keys removed in one round trip. */
const BATCH = 250;

/** Commands a second unless told otherwise: what the smallest plan allows. */
const DEFAULT_OPS_PER_SECOND = 100;

/** Tries of one round trip before a publish fails, and milliseconds between them. */
const TRIES = 4;
const RETRY_PAUSE = 500;

/** On top of the longest time between two release checks, milliseconds, for an answer already on its way. */
const GRACE_MARGIN = 250;

export interface InvalidationOptions {
  readonly clock?: Clock;
  /** Commands a second that removing may take of the plan; 0 is without limit. */
  readonly opsPerSecond?: number;
}

/**
 * The cache's side of a publish. In this order: `announce` names the new release, so that every load begun from now on
 * reads it; `remove` drops the changed keys, leases first, so that no load begun before can be written after; `grace`
 * changes the release key again, so that processes drop what they read meanwhile, and waits until all have looked.
 */
export class Invalidation {
  #release: string | undefined;
  readonly #clock: Clock;

  constructor(
    private readonly redis: RedisRunner,
    private readonly options: InvalidationOptions = {},
  ) {
    this.#clock = options.clock ?? systemClock;
  }

  /** @throws RedisUnavailable when Redis does not answer */
  async reach(): Promise<void> {
    await this.#run((client) => client.exists(keys.release));
  }

  /** Tells every process which release is live. */
  async announce(release: string): Promise<void> {
    this.#release = release;
    await this.#mark(release);
  }

  /**
   * Removes keys with their leases, paced.
   * @returns how many of the keys existed; after a lost connection it may be fewer than that
   */
  async remove(removed: readonly string[]): Promise<number> {
    const opsPerSecond = this.options.opsPerSecond ?? DEFAULT_OPS_PER_SECOND;
    let count = 0;
    for (let from = 0; from < removed.length; from += BATCH) {
      const startedAt = this.#clock.now();
      const batch = removed.slice(from, from + BATCH);
      const { existed, commands } = await this.#run((client) => removeBatch(client, batch));
      count += existed;
      if (opsPerSecond === 0) continue;
      const pause = (commands / opsPerSecond) * 1_000 - (this.#clock.now() - startedAt);
      if (pause > 0 && from + BATCH < removed.length) await this.#clock.sleep(pause);
    }
    return count;
  }

  /** Waits until no process can still serve the former release from its memory. */
  async grace(): Promise<void> {
    if (this.#release !== undefined) await this.#mark(this.#release);
    await this.#clock.sleep(RELEASE_CHECK_MS + GRACE_MARGIN);
  }

  async #mark(release: string): Promise<void> {
    const text = markedRelease(release, randomBytes(6).toString('base64url'));
    await this.#run((client) => client.set(keys.release, text, 'EX', TTL.release));
  }

  /** All of it may be repeated without harm. */
  async #run<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.redis.run(work);
      } catch (error) {
        if (attempt >= TRIES || !(error instanceof RedisUnavailable)) throw error;
        await this.#clock.sleep(RETRY_PAUSE);
      }
    }
  }
}

async function removeBatch(
  client: RedisClient,
  batch: readonly string[],
): Promise<{ existed: number; commands: number }> {
  if (!client.isCluster) {
    const [, existed] = await Promise.all([client.unlink(batch.map(keys.lease)), client.unlink([...batch])]);
    return { existed, commands: 2 };
  }
  // The keys of one command must share a slot there. A key and its lease do, so that their order is kept.
  const each = await Promise.all(
    batch.map(async (key) => {
      const [, existed] = await Promise.all([client.unlink(keys.lease(key)), client.unlink(key)]);
      return existed;
    }),
  );
  return { existed: each.reduce((sum, existed) => sum + existed, 0), commands: 2 * batch.length };
}
