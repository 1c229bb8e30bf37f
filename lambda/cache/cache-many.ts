import { CommandRefused, RedisUnavailable } from '../redis/failures';
import type { Answer, Entry, LoadMany } from './entry';
import { Fill, type Filled } from './fill';
import { keys } from '../names/keys';
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

/** Reads of many keys at once; see CacheAside.getMany. */
export async function readMany<T>(
  parts: CacheParts,
  entries: readonly Entry<T>[],
  loadMany: LoadMany<T>,
): Promise<Answer<T>[]> {
  const distinct = new Map(entries.map((entry) => [entry.key, entry]));
  const answers = await new Batch(parts, loadMany).run(distinct);
  return entries.map(({ key }) => {
    const answer = answers.get(key);
    if (answer === undefined) throw new Error(`a batch forgot its key ${key}`);
    return answer;
  });
}

class Batch<T> {
  readonly #answers = new Map<string, Answer<T>>();

  constructor(
    private readonly parts: CacheParts,
    private readonly loadMany: LoadMany<T>,
  ) {}

  async run(entries: ReadonlyMap<string, Entry<T>>): Promise<ReadonlyMap<string, Answer<T>>> {
    const now = this.parts.clock.now();
    const generation = this.parts.watch.fresh(now);
    const doubtful: Entry<T>[] = [];
    const missing: Entry<T>[] = [];
    for (const entry of entries.values()) {
      const held = this.parts.memory.any(entry.key);
      if (held === undefined || held.expiresAt <= now) missing.push(entry);
      else if (generation === undefined) doubtful.push(entry);
      else if (held.tag !== generation.tag) missing.push(entry);
      else this.#answer(entry, heldAnswer(entry, held, 'memory'));
    }
    if (doubtful.length > 0) {
      const checked = await this.parts.watch.check();
      for (const entry of doubtful) {
        if (!this.#answer(entry, recheck(this.parts, entry, checked))) missing.push(entry);
      }
    }
    await this.#joinOrRead(missing, now);
    return this.#answers;
  }

  #answer(entry: Entry<T>, answer: Answer<T> | undefined): boolean {
    if (answer !== undefined) this.#answers.set(entry.key, answer);
    return answer !== undefined;
  }

  /** Joins single reads under way, and lets single reads join this batch. */
  async #joinOrRead(missing: readonly Entry<T>[], now: number): Promise<void> {
    const { flights } = this.parts;
    const joined: Promise<unknown>[] = [];
    const own: Entry<T>[] = [];
    for (const entry of missing) {
      const flight = flights.find(entry.key, now);
      if (flight === undefined) own.push(entry);
      else {
        joined.push(
          flight.then(({ value, outcome, release }) => {
            if (ofEntry(entry, value)) this.#answers.set(entry.key, { value, outcome, release });
          }),
        );
      }
    }
    if (own.length > 0) {
      const reading = this.#read(own);
      for (const { key } of own)
        flights.add(
          key,
          now,
          reading.then(() => this.#known(key)),
        );
      joined.push(reading);
    }
    await Promise.all(joined);
  }

  #known(key: string): Answer<T> {
    const answer = this.#answers.get(key);
    if (answer === undefined) throw new Error(`a batch forgot its key ${key}`);
    return answer;
  }

  async #read(entries: readonly Entry<T>[]): Promise<void> {
    const misses = await this.#readRedis(entries);
    if (misses === 'redis-out') {
      const stood = await standbyAnswers(this.parts, entries);
      for (const [key, answer] of stood) this.#answers.set(key, answer);
      const left = entries.filter(({ key }) => !stood.has(key));
      if (left.length > 0) await this.#fill(left, (fill, wanted) => fill.withoutRedis(wanted));
    } else if (misses.length > 0) await this.#fill(misses, (fill, wanted) => fill.run(wanted));
  }

  /** @returns the entries that Redis does not hold */
  async #readRedis(entries: readonly Entry<T>[]): Promise<readonly Entry<T>[] | 'redis-out'> {
    const { parts } = this;
    const startedAt = parts.clock.now();
    const before = parts.watch.fresh(startedAt);
    let text: string | null | undefined;
    let readings: Reading[];
    try {
      [text, readings] = await parts.redis.run(async (client) => {
        const release = before === undefined ? client.get(keys.release) : undefined;
        if (release !== undefined && client.isCluster) await release;
        return Promise.all([release, Promise.all(entries.map(({ key }) => readKey(client, key)))]);
      });
    } catch (error) {
      if (error instanceof RedisUnavailable || error instanceof CommandRefused) return 'redis-out';
      throw error;
    }
    const generation = text === undefined ? before : await parts.watch.learn(text, startedAt);
    const release = releaseName(generation, parts.watch);
    const tag = tagOfRead(before, text);
    return entries.filter((entry, index) => {
      const reading = readings[index];
      const found = reading === undefined ? undefined : understand(entry, reading, parts.telemetry);
      if (found === undefined) return true;
      remember(parts, entry.key, { ...found, release, tag });
      this.#answers.set(entry.key, { value: found.value, outcome: 'redis', release });
      return false;
    });
  }

  async #fill(
    missing: readonly Entry<T>[],
    work: (fill: Fill<T>, missing: readonly Entry<T>[]) => Promise<Map<string, Filled<T>>>,
  ): Promise<void> {
    const { parts } = this;
    try {
      const filled = await work(new Fill<T>(parts, this.loadMany), missing);
      for (const [key, each] of filled) {
        remember(parts, key, each);
        this.#answers.set(key, { value: each.value, outcome: each.outcome, release: each.release });
      }
    } catch (error) {
      for (const entry of missing) this.#answers.set(entry.key, staleOr(parts, entry, error));
    }
  }
}
