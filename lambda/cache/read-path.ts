import { SourceUnavailable } from '../names/errors';
import type { Clock } from '../names/clock';
import { connectionOf } from '../redis/connection';
import type { CacheTelemetry } from '../telemetry/cache-telemetry';
import { type Answer, type Entry, type LoadMany, ofEntry } from './entry';
import { Fill, type Filled } from './fill';
import type { Flights } from './flights';
import { type Generation, heldOver } from './generation';
import type { GuardedRedis } from './guard';
import { isOut, Looks, type Seen } from './looks';
import type { Kept, Memory } from './memory';
import type { ReleaseWatch } from './release-watch';
import type { Standby } from './standby';
import { keptOf, type StoredFrames } from './stored';

/** What reads of one process share. */
export interface ReadPathHost {
  readonly memory: Memory;
  readonly flights: Flights;
  readonly watch: ReleaseWatch;
  readonly redis: GuardedRedis;
  readonly stored: StoredFrames;
  readonly standby: Standby;
  readonly clock: Clock;
  readonly telemetry: CacheTelemetry;
  readonly plainFrames: boolean;
}

type Answers<T> = Map<string, Answer<T | undefined>>;

/** The answer that a value makes. */
export function answerOf<T>(
  entry: Entry<T>,
  { value, release }: Pick<Kept, 'value' | 'release'>,
  outcome: Answer<T>['outcome'],
): Answer<T | undefined> | undefined {
  return ofEntry(entry, value) ? { value, outcome, release } : undefined;
}

/**
 * The one read path: memory, Redis, lease, catalog, write-back; with Redis out its replica or the catalog; with the
 * catalog out too, what memory still has. One key or many go the same way.
 *
 * The order of two reads keeps answers right: a frame is judged by a release that was told no later than the frame was
 * read. What changes with a release is removed before its cache counts as told, so that a frame found afterwards is as
 * good as a new one. And both come from one server: a replica may have taken the primary's place in between.
 */
export class ReadPath {
  readonly #looks: Looks;

  constructor(private readonly host: ReadPathHost) {
    this.#looks = new Looks(host);
  }

  /**
   * Reads values of distinct keys.
   * @throws SourceUnavailable when any of them cannot be answered at all
   */
  async read<T>(entries: readonly Entry<T>[], loadMany: LoadMany<T>): Promise<Answers<T>> {
    const answers: Answers<T> = new Map();
    const now = this.host.clock.now();
    const missing = await this.#fromMemory(entries, answers, now);
    await this.#joinOrRead(missing, loadMany, answers, now);
    return answers;
  }

  /**
   * Reads one value. What Redis holds under a release looked at lately, the most frequent case by far, costs one command
   * and no lists; anything else goes the way of many.
   * @throws SourceUnavailable
   */
  readOne<T>(entry: Entry<T>): Promise<Answer<T | undefined>> {
    const { flights, watch, clock } = this.host;
    const now = clock.now();
    const generation = watch.fresh(now);
    const flight = generation === undefined ? undefined : flights.find(entry.key, now);
    if (generation === undefined || flight !== undefined) return this.#oneOfMany(entry);
    const reading = this.#hit(entry, generation);
    flights.add(entry.key, now, reading);
    return reading;
  }

  async #hit<T>(entry: Entry<T>, generation: Generation): Promise<Answer<T | undefined>> {
    const { redis, stored, clock, telemetry } = this.host;
    const { key } = entry;
    const answers: Answers<T> = new Map();
    const loadMany = loading(entry);
    try {
      const { frame, over } = await redis.run(async (client) => ({
        frame: await stored.readOne(client, key),
        over: connectionOf(client),
      }));
      const kept = keptOf(key, frame, heldOver(generation, over), clock.now(), telemetry);
      const answer = kept && answerOf(entry, kept, 'redis');
      if (kept !== undefined && answer !== undefined) {
        this.#keep(key, kept);
        return answer;
      }
      await this.#fill([entry], loadMany, answers, (fill) => fill.run([entry]));
    } catch (error) {
      if (!isOut(error)) throw error;
      this.#looks.suspectAfter(error, [key]);
      await this.#fromReplicaOrCatalog([entry], loadMany, answers);
    }
    return known(answers, key);
  }

  async #oneOfMany<T>(entry: Entry<T>): Promise<Answer<T | undefined>> {
    return known(await this.read([entry], loading(entry)), entry.key);
  }

  /** @returns the entries that memory cannot answer */
  async #fromMemory<T>(
    entries: readonly Entry<T>[],
    answers: Answers<T>,
    now: number,
  ): Promise<readonly Entry<T>[]> {
    const { memory, watch } = this.host;
    const held = entries.filter(({ key }) => memory.alive(key, now));
    if (held.length === 0) return entries;
    const fresh = watch.fresh(now);
    const generation = fresh ?? (await this.#looks.check());
    for (const entry of held) {
      const kept =
        generation === undefined ? memory.any(entry.key) : memory.fresh(entry.key, generation.tag, now);
      const answer = kept && answerOf(entry, kept, generation === undefined ? 'stale' : 'memory');
      if (answer !== undefined) answers.set(entry.key, answer);
    }
    return entries.filter(({ key }) => !answers.has(key));
  }

  /** Joins reads under way, and lets others join this one. */
  async #joinOrRead<T>(
    missing: readonly Entry<T>[],
    loadMany: LoadMany<T>,
    answers: Answers<T>,
    now: number,
  ): Promise<void> {
    const { flights } = this.host;
    const joined: Promise<unknown>[] = [];
    const own: Entry<T>[] = [];
    for (const entry of missing) {
      const flight = flights.find(entry.key, now);
      if (flight === undefined) own.push(entry);
      else {
        joined.push(
          flight.then((answer) => {
            const { value, outcome, release } = answer;
            if (ofEntry(entry, value)) answers.set(entry.key, { value, outcome, release });
          }),
        );
      }
    }
    if (own.length > 0) {
      const reading = this.#fromRedis(own, loadMany, answers);
      for (const { key } of own)
        flights.add(
          key,
          now,
          reading.then(() => known(answers, key)),
        );
      joined.push(reading);
    }
    await Promise.all(joined);
  }

  async #fromRedis<T>(
    entries: readonly Entry<T>[],
    loadMany: LoadMany<T>,
    answers: Answers<T>,
  ): Promise<void> {
    const seen = await this.#looks.look(entries.map(({ key }) => key));
    if (seen === undefined) return this.#fromReplicaOrCatalog(entries, loadMany, answers);
    const missing = this.#take(entries, seen, answers);
    if (missing.length > 0) await this.#fill(missing, loadMany, answers, (fill) => fill.run(missing));
  }

  async #fromReplicaOrCatalog<T>(
    entries: readonly Entry<T>[],
    loadMany: LoadMany<T>,
    answers: Answers<T>,
  ): Promise<void> {
    const { watch, clock, standby } = this.host;
    const keys = entries.map(({ key }) => key);
    const standing = standby.configured
      ? await standby.read(
          keys,
          watch.fresh(clock.now()) ?? (await this.#looks.soon(watch.renewAlone())) ?? watch.known,
        )
      : undefined;
    const left = standing === undefined ? entries : this.#take(entries, standing, answers);
    if (left.length > 0) await this.#fill(left, loadMany, answers, (fill) => fill.withoutRedis(left));
  }

  /** Takes the values that are there. @returns the entries without one */
  #take<T>(
    entries: readonly Entry<T>[],
    { generation, frames, over }: Seen,
    answers: Answers<T>,
  ): readonly Entry<T>[] {
    const { clock, telemetry } = this.host;
    const now = clock.now();
    const judge = generation && heldOver(generation, over);
    return entries.filter((entry, index) => {
      const kept = keptOf(entry.key, frames[index], judge, now, telemetry);
      const answer = kept && answerOf(entry, kept, 'redis');
      if (kept === undefined || answer === undefined) return true;
      this.#keep(entry.key, kept);
      answers.set(entry.key, answer);
      return false;
    });
  }

  async #fill<T>(
    missing: readonly Entry<T>[],
    loadMany: LoadMany<T>,
    answers: Answers<T>,
    work: (fill: Fill<T>) => Promise<ReadonlyMap<string, Filled>>,
  ): Promise<void> {
    try {
      const filled = await work(new Fill(this.host, loadMany));
      for (const entry of missing) {
        const value = filled.get(entry.key);
        const answer = value && answerOf(entry, value, value.outcome);
        if (value === undefined || answer === undefined)
          throw new Error(`a fill forgot its key ${entry.key}`);
        this.#keep(entry.key, value);
        answers.set(entry.key, answer);
      }
    } catch (error) {
      for (const entry of missing) answers.set(entry.key, this.#staleOr(entry, error));
    }
  }

  /**
   * What memory still has when the catalog failed too.
   * @throws the catalog's failure when it has nothing, or when the failure is no outage
   */
  #staleOr<T>(entry: Entry<T>, failure: unknown): Answer<T | undefined> {
    const held = failure instanceof SourceUnavailable ? this.host.memory.any(entry.key) : undefined;
    const answer = held && answerOf(entry, held, 'stale');
    if (answer === undefined) throw failure;
    return answer;
  }

  #keep(key: string, kept: Kept): void {
    this.host.memory.put(key, kept, this.host.clock.now());
  }
}

/** Loads one value as many are loaded. */
function loading<T>(entry: Entry<T>): LoadMany<T> {
  return async (release) => new Map([[entry.key, await entry.load(release)]]);
}

function known<T>(answers: Answers<T>, key: string): Answer<T | undefined> {
  const answer = answers.get(key);
  if (answer === undefined) throw new Error(`a read forgot its key ${key}`);
  return answer;
}
