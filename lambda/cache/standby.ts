import { keys } from '../names/keys';
import { connectionOf } from '../redis/connection';
import type { Clock } from '../names/clock';
import { silentTelemetry } from '../telemetry/cache-telemetry';
import { Breaker } from './breaker';
import type { Generation } from './generation';
import { GuardedRedis, type RedisRunner } from './guard';
import { Outbox } from './outbox';
import { StoredFrames } from './stored';

/** What a replica holds, and what may be believed of it. */
export interface Standing {
  readonly generation: Generation;
  /** One per key, in order. */
  readonly frames: readonly unknown[];
  /** The connection that they came over. */
  readonly over: unknown;
}

/**
 * Reads of a replica while the primary is out. Nothing is written there and nothing is leased: what it does not hold
 * comes from the catalog. It has a breaker of its own, so that a replica that is gone too costs next to nothing; the
 * primary's breaker decides when reads go back.
 */
export class Standby {
  readonly #redis: GuardedRedis;
  readonly #stored = new StoredFrames();

  constructor(replica: RedisRunner | undefined, clock: Clock) {
    const breaker = new Breaker(() => clock.now());
    this.#redis = new GuardedRedis(replica, breaker, new Outbox(), clock, silentTelemetry);
  }

  /** Whether there is a replica to ask. */
  get configured(): boolean {
    return this.#redis.configured;
  }

  /** @returns undefined when no replica answers, or nobody knows what is live */
  async read(wanted: readonly string[], live: Generation | undefined): Promise<Standing | undefined> {
    if (live === undefined) return undefined;
    try {
      return await this.#redis.run(async (client) => {
        // The note first: a replica that has it has seen every removal before it.
        const note = client.get(keys.told).then(
          (text) => ({ told: text === String(live.stamp), over: connectionOf(client) }),
          () => ({ told: false, over: undefined }),
        );
        if (client.isCluster) await note;
        const [said, frames] = await Promise.all([note, this.#stored.read(client, wanted)]);
        return { generation: { ...live, ...said }, frames, over: connectionOf(client) };
      });
    } catch {
      return undefined;
    }
  }
}
