import { Breaker } from './breaker';
import type { Clock } from '../names/clock';
import { GuardedRedis, type RedisRunner } from './guard';
import { keys } from '../names/keys';
import { Outbox } from './outbox';
import { type Reading, readKey } from './reading';
import { type Generation, generationOf, type ReleaseWatch } from './release';
import { silentTelemetry } from '../telemetry/cache-telemetry';

/** What a replica holds, under the release it belongs to. */
export interface Standing {
  readonly generation: Generation;
  /** One per key, in order. */
  readonly readings: readonly Reading[];
}

/**
 * Reads of a replica while the primary is out. Nothing is written there and nothing is leased: what it does not hold
 * comes from the catalog. It has a breaker of its own, so that a replica that is gone too costs next to nothing; the
 * primary's breaker decides when reads go back.
 */
export class Standby {
  readonly #redis: GuardedRedis;

  constructor(
    replica: RedisRunner | undefined,
    private readonly watch: ReleaseWatch,
    clock: Clock,
  ) {
    this.#redis = new GuardedRedis(
      replica,
      new Breaker(() => clock.now()),
      new Outbox(),
      clock,
      silentTelemetry,
    );
  }

  /**
   * @returns undefined when no replica answers, or when it has not yet heard of the live release: what it holds may
   *   then be older
   */
  async read(wanted: readonly string[]): Promise<Standing | undefined> {
    if (!this.#redis.configured) return undefined;
    const generation = (await this.watch.check()) ?? this.watch.known;
    if (generation === undefined) return undefined;
    try {
      const [release, readings] = await this.#redis.run((client) =>
        Promise.all([client.get(keys.release), Promise.all(wanted.map((key) => readKey(client, key)))]),
      );
      // The key lapses a minute after the primary has gone. What the primary named last then still holds: nothing
      // can have been published to a cache without its primary.
      const theirs = release === null ? this.watch.inRedis : generationOf(release).release;
      if (theirs !== generation.release) return undefined;
      return { generation, readings };
    } catch {
      return undefined;
    }
  }
}
