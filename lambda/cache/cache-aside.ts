import type { EditionDays } from '../codes/editions';
import { type Clock, systemClock } from '../names/clock';
import { type CacheTelemetry, silentTelemetry } from '../telemetry/cache-telemetry';
import { Breaker } from './breaker';
import type { Answer, Entry, LoadMany } from './entry';
import { Flights } from './flights';
import { GuardedRedis, type RedisRunner } from './guard';
import { Memory, type MemoryLimits } from './memory';
import { type Increment, Outbox } from './outbox';
import { answerOf, ReadPath } from './read-path';
import { type ReleaseSource, ReleaseWatch } from './release-watch';
import { Standby } from './standby';
import { StoredFrames } from './stored';

export interface CacheHost {
  /** The shared cache; without one every read is `memory` or `bypass`. */
  readonly redis?: RedisRunner | undefined;
  /** A replica of it, which answers reads while the primary is out. */
  readonly replica?: RedisRunner | undefined;
  readonly catalog: ReleaseSource;
  readonly telemetry?: CacheTelemetry | undefined;
  readonly clock?: Clock | undefined;
  readonly memory?: MemoryLimits | undefined;
  /** Writes values as JSON that redis-cli shows; false by default. */
  readonly plainFrames?: boolean | undefined;
}

/**
 * Reads through process memory, Redis and the catalog, in this order, and fills the nearer ones from the farther. One
 * instance per process.
 */
export class CacheAside {
  readonly #memory: Memory;
  readonly #watch: ReleaseWatch;
  readonly #redis: GuardedRedis;
  readonly #outbox = new Outbox();
  readonly #clock: Clock;
  readonly #telemetry: CacheTelemetry;
  readonly #path: ReadPath;

  constructor(host: CacheHost) {
    const clock = host.clock ?? systemClock;
    const telemetry = host.telemetry ?? silentTelemetry;
    const redis = new GuardedRedis(
      host.redis,
      new Breaker(() => clock.now()),
      this.#outbox,
      clock,
      telemetry,
    );
    const watch = new ReleaseWatch(redis, host.catalog, clock);
    const memory = new Memory(host.memory);
    this.#memory = memory;
    this.#watch = watch;
    this.#redis = redis;
    this.#clock = clock;
    this.#telemetry = telemetry;
    this.#path = new ReadPath({
      memory,
      flights: new Flights(),
      watch,
      redis,
      stored: new StoredFrames(),
      standby: new Standby(host.replica, clock),
      clock,
      telemetry,
      plainFrames: host.plainFrames === true,
    });
  }

  /**
   * One value; undefined when the release does not hold it.
   * @throws SourceUnavailable when neither Redis nor the catalog answers and memory has nothing left either
   */
  async get<T>(entry: Entry<T>): Promise<Answer<T | undefined>> {
    const answer = this.#fromMemory(entry) ?? (await this.#path.readOne(entry));
    this.#telemetry.answered(answer.outcome);
    return answer;
  }

  /**
   * Many values, in the order of their entries: one round trip for what Redis holds, one call of `loadMany` for all
   * that this process is the one to load.
   * @throws SourceUnavailable when any of them cannot be answered at all
   */
  async getMany<T>(entries: readonly Entry<T>[], loadMany: LoadMany<T>): Promise<Answer<T | undefined>[]> {
    const distinct = new Map(entries.map((entry) => [entry.key, entry]));
    const answers = await this.#path.read([...distinct.values()], loadMany);
    return entries.map(({ key }) => {
      const answer = answers.get(key);
      if (answer === undefined) throw new Error(`a batch forgot its key ${key}`);
      this.#telemetry.answered(answer.outcome);
      return answer;
    });
  }

  /** The editions of a release that answers named; undefined for one that this process has not heard of. */
  editions(release: string): EditionDays | undefined {
    return this.#watch.editions(release);
  }

  /** Looks for a new release at once, in the store; for a host that is told of one. Never fails. */
  async lookForRelease(): Promise<void> {
    await this.#watch.renew();
  }

  /** Counts a use with the next round trip. Never fails. */
  count(increment: Increment): void {
    this.#outbox.enqueue(increment);
  }

  /** Sends the counts that wait, for a process about to end or to sleep. Never fails. */
  async flush(): Promise<void> {
    const outbox = this.#outbox;
    while (this.#redis.configured && outbox.size > 0) {
      const before = outbox.size;
      try {
        // The round trip takes them along by itself.
        await this.#redis.run(() => outbox.arrived());
      } catch {
        return;
      }
      if (outbox.size >= before) return;
    }
  }

  #fromMemory<T>(entry: Entry<T>): Answer<T | undefined> | undefined {
    const now = this.#clock.now();
    const generation = this.#watch.fresh(now);
    if (generation === undefined) return undefined;
    const kept = this.#memory.fresh(entry.key, generation.tag, now);
    return kept && answerOf(entry, kept, 'memory');
  }
}
