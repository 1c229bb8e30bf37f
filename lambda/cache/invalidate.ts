import { keys } from '../names/keys';
import { type Clock, systemClock } from '../names/clock';
import { RELEASE_CHECK_MS } from '../names/ttl';
import type { RedisClient } from '../redis/connection';
import { RedisUnavailable } from '../redis/failures';
import type { RedisRunner } from './guard';
import { type LiveRelease, lookAtMark, writeMark } from './release-mark';

/** Keys removed in one round trip. */
const BATCH = 250;

/** Commands a second unless told otherwise: what the smallest plan allows. */
const DEFAULT_OPS_PER_SECOND = 100;

/** Tries of one round trip before a publish fails, and milliseconds between them. */
const TRIES = 4;
const RETRY_PAUSE = 500;

/** Times that a mark is tried while readers mark as well. */
const MARK_TRIES = 20;

/** On top of the longest time between two release checks, milliseconds, for an answer already on its way. */
const GRACE_MARGIN = 250;

export interface InvalidationOptions {
  readonly clock?: Clock;
  /** Commands a second that removing may take of the plan; 0 is without limit. */
  readonly opsPerSecond?: number;
}

/** Whether the going-live that is being told is the live one still, asked of the store. */
export type StillLive = () => Promise<boolean>;

/**
 * The cache's side of a publish. In this order: `announce` names the new release, so that every load begun from now on
 * reads it, and nothing loaded before is believed; `remove` drops the changed keys, leases first, so that no load begun
 * before can be written after; `finish` says that all that is left may be believed; `grace` waits until every process
 * has looked. A mark is only written between a look at the mark and a look at the pointer that names this going-live:
 * whoever has been overtaken, by a publish or by sleep, writes nothing more.
 */
export class Invalidation {
  readonly #clock: Clock;

  constructor(
    private readonly redis: RedisRunner,
    /** Names this cache in the catalog's pointer: see cacheId. */
    readonly id: string,
    private readonly options: InvalidationOptions = {},
  ) {
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Stamp of the going-live that this cache was last told in full, by its own note; undefined when it has none.
   * @throws RedisUnavailable when Redis does not answer
   */
  async toldStamp(): Promise<number | undefined> {
    const note = await this.#run((client) => client.get(keys.told).catch(nothingIfWrongType));
    return note === null || !/^\d{1,8}$/.test(note) ? undefined : Number(note);
  }

  /** Which server process answers; undefined where that does not show. */
  async server(): Promise<string | undefined> {
    const info = await this.#run((client) => (client.isCluster ? '' : client.info('server'))).catch(() => '');
    return /^run_id:(\S+)/m.exec(info)?.[1];
  }

  /**
   * Tells every process which release is live.
   * @returns false when another going-live has taken over
   */
  announce(live: LiveRelease, stillLive: StillLive): Promise<boolean> {
    return this.#mark(live, stillLive, false);
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

  /**
   * Says that everything that changed has been removed.
   * @returns false when another going-live has taken over
   */
  finish(live: LiveRelease, stillLive: StillLive): Promise<boolean> {
    return this.#mark(live, stillLive, true);
  }

  /** Waits until every process has looked. */
  async grace(): Promise<void> {
    await this.#clock.sleep(RELEASE_CHECK_MS + GRACE_MARGIN);
  }

  async #mark(live: LiveRelease, stillLive: StillLive, finish: boolean): Promise<boolean> {
    for (let attempt = 1; attempt <= MARK_TRIES; attempt += 1) {
      const look = await this.#run(lookAtMark);
      if (!(await stillLive())) return false;
      const marked = await this.#run((client) => writeMark(client, look, live, this.#clock.now(), finish));
      if (marked !== undefined) return true;
    }
    throw new RedisUnavailable('other');
  }

  /** All of it may be repeated without harm. */
  async #run<T>(work: (client: RedisClient) => Promise<T> | T): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.redis.run(async (client) => work(client));
      } catch (error) {
        if (attempt >= TRIES || !(error instanceof RedisUnavailable)) throw error;
        await this.#clock.sleep(RETRY_PAUSE);
      }
    }
  }
}

function nothingIfWrongType(error: unknown): null {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null;
  throw error;
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
