import { SourceUnavailable } from '../names/errors';
import { CommandRefused, RedisUnavailable } from '../redis/failures';
import { Breaker } from './breaker';
import { readMany } from './cache-many';
import { type Clock, systemClock } from '../names/clock';
import type { Answer, Entry, LoadMany } from './entry';
import { Fill, type Filled } from './fill';
import { Flights } from './flights';
import { GuardedRedis, type RedisRunner } from './guard';
import { keys } from '../names/keys';
import { Memory, type MemoryLimits } from './memory';
import { type Increment, Outbox } from './outbox';
import {
  type CacheParts,
  heldAnswer,
  ofEntry,
  recheck,
  releaseName,
  remember,
  standbyAnswers,
  staleOr,
  tagOfRead,
} from './held-answers';
import { type Reading, readKey, understand } from './reading';
import { type LiveRelease, ReleaseWatch } from './release';
import { Standby } from './standby';
import { type CacheTelemetry, silentTelemetry } from '../telemetry/cache-telemetry';

export interface CacheHost {
  /** The shared cache; without one every read is `memory` or `bypass`. */
  readonly redis?: RedisRunner | undefined;
  /** A replica of it, which answers reads while the primary is out. */
  readonly replica?: RedisRunner | undefined;
  readonly catalog: LiveRelease;
  readonly telemetry?: CacheTelemetry | undefined;
  readonly clock?: Clock | undefined;
  readonly memory?: MemoryLimits | undefined;
}

export interface ReadOptions {
  /** A use to count in the read's own round trip, or in a later one when memory answers. */
  readonly count?: Increment | undefined;
}

/**
 * Reads through process memory, Redis and the catalog, in this order, and fills the nearer ones from the farther. One
 * instance per process.
 */
export class CacheAside {
  readonly #parts: CacheParts;
  readonly #breaker: Breaker;

  constructor(host: CacheHost) {
    const clock = host.clock ?? systemClock;
    const telemetry = host.telemetry ?? silentTelemetry;
    const outbox = new Outbox();
    this.#breaker = new Breaker(() => clock.now());
    const redis = new GuardedRedis(host.redis, this.#breaker, outbox, clock, telemetry);
    const watch = new ReleaseWatch(redis, host.catalog, clock);
    const memory = new Memory(host.memory);
    const standby = new Standby(host.replica, watch, clock);
    this.#parts = { memory, flights: new Flights(), watch, redis, standby, outbox, clock, telemetry };
  }

  /**
   * One value.
   * @throws SourceUnavailable when neither Redis nor the catalog answers and memory has nothing left either
   */
  async get<T>(entry: Entry<T>, options?: ReadOptions): Promise<Answer<T>> {
    const { clock, memory, outbox, telemetry, watch } = this.#parts;
    if (options?.count !== undefined) outbox.enqueue(options.count);
    const now = clock.now();
    const generation = watch.fresh(now);
    const held = generation === undefined ? undefined : memory.fresh(entry.key, generation.tag, now);
    const answer =
      (held === undefined ? undefined : heldAnswer(entry, held, 'memory')) ?? (await this.#join(entry, now));
    telemetry.answered(answer.outcome);
    return answer;
  }

  /**
   * Many values, in the order of their entries: one round trip for what Redis holds, one call of `loadMany` for all
   * that this process is the one to load.
   * @throws SourceUnavailable when any of them cannot be answered at all
   */
  async getMany<T>(
    entries: readonly Entry<T>[],
    loadMany: LoadMany<T>,
    options?: { readonly counts?: readonly Increment[] },
  ): Promise<Answer<T>[]> {
    for (const count of options?.counts ?? []) this.#parts.outbox.enqueue(count);
    const answers = await readMany(this.#parts, entries, loadMany);
    for (const { outcome } of answers) this.#parts.telemetry.answered(outcome);
    return answers;
  }

  /**
   * Id of the live release, at most RELEASE_CHECK_MS old unless nobody tells.
   * @throws SourceUnavailable when it was never known and neither Redis nor the store tells
   */
  async releaseId(): Promise<string> {
    const { watch, clock } = this.#parts;
    const generation = watch.fresh(clock.now()) ?? (await watch.check()) ?? watch.known;
    if (generation !== undefined) return generation.release;
    throw new SourceUnavailable('Neither Redis nor the catalog store tells which release is live.');
  }

  /** Counts a use with the next round trip. Never fails. */
  count(increment: Increment): void {
    this.#parts.outbox.enqueue(increment);
  }

  /** Sends the counts that wait, for a process about to end or to sleep. Never fails. */
  async flush(): Promise<void> {
    const { outbox, redis } = this.#parts;
    while (redis.configured && outbox.size > 0) {
      const before = outbox.size;
      try {
        // The round trip takes them along by itself.
        await redis.run(() => outbox.arrived());
      } catch {
        return;
      }
      if (outbox.size >= before) return;
    }
  }

  /** Whether Redis is in use, given up for a moment, or not configured. */
  get redisState(): 'none' | Breaker['state'] {
    return this.#parts.redis.configured ? this.#breaker.state : 'none';
  }

  async #join<T>(entry: Entry<T>, now: number): Promise<Answer<T>> {
    const { flights } = this.#parts;
    const flight = flights.find(entry.key, now);
    if (flight !== undefined) {
      const { value, outcome, release } = await flight;
      if (ofEntry(entry, value)) return { value, outcome, release };
    }
    const answer = this.#fetch(entry);
    flights.add(entry.key, now, answer);
    return answer;
  }

  async #fetch<T>(entry: Entry<T>): Promise<Answer<T>> {
    const parts = this.#parts;
    const { watch, clock } = parts;
    const held = parts.memory.any(entry.key);
    if (held !== undefined && held.expiresAt > clock.now()) {
      const answer = recheck(parts, entry, await watch.check());
      if (answer !== undefined) return answer;
    }
    let filled: Filled<T> | undefined;
    try {
      const read = await this.#read(entry);
      if (read !== undefined && read !== 'redis-out') return read;
      if (read === 'redis-out') {
        const [stood] = (await standbyAnswers(parts, [entry])).values();
        if (stood !== undefined) return stood;
      }
      const fill = new Fill<T>(parts, async (release) => new Map([[entry.key, await entry.load(release)]]));
      const all = read === 'redis-out' ? await fill.withoutRedis([entry]) : await fill.run([entry]);
      filled = all.get(entry.key);
    } catch (error) {
      return staleOr(parts, entry, error);
    }
    if (filled === undefined) throw new Error(`a fill forgot its key ${entry.key}`);
    remember(parts, entry.key, filled);
    return { value: filled.value, outcome: filled.outcome, release: filled.release };
  }

  /** What Redis holds; undefined for a miss. */
  async #read<T>(entry: Entry<T>): Promise<Answer<T> | 'redis-out' | undefined> {
    const parts = this.#parts;
    const startedAt = parts.clock.now();
    const before = parts.watch.fresh(startedAt);
    let reading: Reading;
    let text: string | null | undefined;
    try {
      [text, reading] = await parts.redis.run(async (client) => {
        const release = before === undefined ? client.get(keys.release) : undefined;
        // Across nodes only waiting makes the release's read come before the value's.
        if (release !== undefined && client.isCluster) await release;
        return Promise.all([release, readKey(client, entry.key)]);
      });
    } catch (error) {
      if (error instanceof RedisUnavailable || error instanceof CommandRefused) return 'redis-out';
      throw error;
    }
    const generation = text === undefined ? before : await parts.watch.learn(text, startedAt);
    const found = understand(entry, reading, parts.telemetry);
    if (found === undefined) return undefined;
    const release = releaseName(generation, parts.watch);
    remember(parts, entry.key, { ...found, release, tag: tagOfRead(before, text) });
    return { value: found.value, outcome: 'redis', release };
  }
}
