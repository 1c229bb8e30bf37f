import { SourceUnavailable } from '../names/errors';
import { CommandRefused, RedisUnavailable } from '../redis/failures';
import type { Clock } from '../names/clock';
import type { Entry, LoadMany } from './entry';
import type { Outcome } from '../names/outcomes';
import { encodeFrame, unfoldedSize } from './frames';
import type { GuardedRedis } from './guard';
import { type Claim, Leases, type WriteBack } from './lease';
import { understand } from './reading';
import { type Generation, type ReleaseWatch, UNKNOWN_RELEASE } from './release';
import type { CacheTelemetry } from '../telemetry/cache-telemetry';
import { TTL } from '../names/ttl';

/** Milliseconds between two looks at a key that another process is loading: 10, 20, 40, 80, 80, … */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 80;

/** Longest wait for others, milliseconds: a lease's life, and a little for its successor to show. */
const PATIENCE = TTL.lease * 1_000 + 250;

/** A value that was not in the cache, and is now known. */
export interface Filled<T> {
  readonly value: T | undefined;
  readonly outcome: Outcome;
  readonly release: string;
  /** See Held. Empty when the generation it was read under is not certain. */
  readonly tag: string;
  /** Milliseconds it may be kept. */
  readonly lifeMs: number;
  /** About how many bytes of process memory it takes. */
  readonly bytes: number;
  /** As it is written to Redis; absent for a value that came from there. */
  readonly frame?: Buffer;
}

export interface FillHost {
  readonly redis: GuardedRedis;
  readonly watch: ReleaseWatch;
  readonly clock: Clock;
  readonly telemetry: CacheTelemetry;
}

/** Seconds a value lives: short when the release does not hold it. */
function secondsOf(entry: Entry<unknown>, value: unknown): number {
  return value === undefined ? Math.min(TTL.unknown, entry.ttl) : entry.ttl;
}

/** One fill's work: the keys still missing and what is known of the others. */
export class Fill<T> {
  readonly #leases: Leases;
  readonly #filled = new Map<string, Filled<T>>();
  /** Values whose write-back was refused: good while their generation is the live one. */
  readonly #unwritten = new Map<string, Filled<T>>();

  constructor(
    private readonly host: FillHost,
    private readonly loadMany: LoadMany<T>,
  ) {
    this.#leases = new Leases(host.redis);
  }

  /**
   * Finds values that the cache does not hold, each loaded by one process only: leases, one read of the catalog for all
   * leased keys, write-back while the leases still hold. Keys that others are loading are waited for.
   * @throws SourceUnavailable, after giving its leases back
   */
  async run(missing: readonly Entry<T>[]): Promise<Map<string, Filled<T>>> {
    let waiting = missing;
    let pause = FIRST_PAUSE;
    const deadline = this.host.clock.now() + PATIENCE;
    for (;;) {
      const left = await this.#round(waiting, pause > FIRST_PAUSE);
      if (left === 'redis-out') {
        await this.withoutRedis(waiting.filter(({ key }) => !this.#filled.has(key)));
        return this.#filled;
      }
      if (left.length === 0) return this.#filled;
      waiting = left;
      if (this.host.clock.now() >= deadline) {
        await this.#load(waiting, await this.#generation(), 'miss');
        return this.#filled;
      }
      await this.host.clock.sleep(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  /** Reads the catalog alone, because Redis does not take part. */
  async withoutRedis(missing: readonly Entry<T>[]): Promise<Map<string, Filled<T>>> {
    if (missing.length > 0) await this.#load(missing, await this.#generation(), 'bypass');
    return this.#filled;
  }

  /** @returns the entries to wait for */
  async #round(waiting: readonly Entry<T>[], waited: boolean): Promise<readonly Entry<T>[] | 'redis-out'> {
    const startedAt = this.host.clock.now();
    const before = this.host.watch.known?.tag ?? '';
    try {
      const { claims, tag } = await this.#leases.claim(waiting.map(({ key }) => key));
      const learnt = await this.host.watch.learn(tag, startedAt);
      const generation = learnt ?? this.host.watch.known;
      const { mine, others, needless } = this.#sort(waiting, claims, before, waited, generation);
      void this.#leases.giveUp(needless);
      if (mine.length === 0) return others;
      if (learnt === undefined) {
        // Nobody tells which release is live: what is loaded may be old, and is not for everybody to keep.
        void this.#leases.giveUp(mine.map(({ key }) => key));
        await this.#load(mine, generation, 'miss');
        return others;
      }
      return [...others, ...(await this.#fillMine(mine, generation))];
    } catch (error) {
      if (error instanceof RedisUnavailable || error instanceof CommandRefused) return 'redis-out';
      throw error;
    }
  }

  #sort(
    waiting: readonly Entry<T>[],
    claims: readonly Claim[],
    before: string,
    waited: boolean,
    generation: Generation | undefined,
  ): { mine: Entry<T>[]; others: Entry<T>[]; needless: string[] } {
    const mine: Entry<T>[] = [];
    const others: Entry<T>[] = [];
    const needless: string[] = [];
    waiting.forEach((entry, index) => {
      const claim = claims[index];
      if (claim === undefined) return;
      const found = understand(entry, claim, this.host.telemetry);
      const unwritten = this.#unwritten.get(entry.key);
      if (found !== undefined) {
        // The key was read before the release, so that only the generation known earlier is certain to be no newer.
        this.#filled.set(entry.key, {
          ...found,
          outcome: waited ? 'miss' : 'redis',
          release: generation?.release ?? UNKNOWN_RELEASE,
          tag: before,
        });
        if (claim.held) needless.push(entry.key);
      } else if (claim.held) {
        mine.push(entry);
      } else if (unwritten !== undefined && unwritten.tag === generation?.tag) {
        this.#filled.set(entry.key, unwritten);
      } else {
        others.push(entry);
      }
    });
    return { mine, others, needless };
  }

  /** @returns entries whose lease was lost meanwhile, to be looked at once more */
  async #fillMine(mine: readonly Entry<T>[], generation: Generation | undefined): Promise<Entry<T>[]> {
    const again = mine.filter(({ key }) => this.#unwritten.get(key)?.tag !== generation?.tag);
    try {
      await this.#load(again, generation, 'miss');
    } catch (error) {
      await this.#leases.giveUp(mine.map(({ key }) => key));
      throw error;
    }
    const values: WriteBack[] = [];
    for (const entry of mine) {
      const filled = this.#filled.get(entry.key) ?? this.#unwritten.get(entry.key);
      if (filled?.frame === undefined) continue;
      this.#filled.set(entry.key, filled);
      values.push({ key: entry.key, frame: filled.frame, ttl: secondsOf(entry, filled.value) });
    }
    let lost: Set<string>;
    try {
      lost = await this.#leases.writeBack(values);
    } catch {
      // Counted by the guard. The values are known all the same.
      return [];
    }
    const retry = mine.filter(({ key }) => lost.has(key) && !this.#unwritten.has(key));
    for (const { key } of retry) {
      const filled = this.#filled.get(key);
      if (filled !== undefined) this.#unwritten.set(key, filled);
      this.#filled.delete(key);
    }
    return retry;
  }

  async #load(
    entries: readonly Entry<T>[],
    generation: Generation | undefined,
    outcome: Outcome,
  ): Promise<void> {
    if (entries.length === 0) return;
    const { telemetry } = this.host;
    if (generation === undefined) {
      telemetry.sourceError();
      throw new SourceUnavailable('Neither Redis nor the catalog store tells which release is live.');
    }
    telemetry.sourceRead();
    let values: ReadonlyMap<string, T | undefined>;
    try {
      values = await this.loadMany(generation.release, [...entries]);
    } catch (error) {
      telemetry.sourceError();
      throw error;
    }
    for (const entry of entries) {
      const value = values.get(entry.key);
      const frame = encodeFrame(value);
      this.#filled.set(entry.key, {
        value,
        outcome,
        release: generation.release,
        tag: generation.tag,
        lifeMs: secondsOf(entry, value) * 1_000,
        bytes: unfoldedSize(frame),
        frame,
      });
    }
  }

  async #generation(): Promise<Generation | undefined> {
    return (await this.host.watch.check()) ?? this.host.watch.known;
  }
}
