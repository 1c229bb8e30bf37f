import { UnknownRelease } from '../catalog/unknown-release';
import type { Clock } from '../names/clock';
import { SourceUnavailable } from '../names/errors';
import type { Outcome } from '../names/outcomes';
import { TTL } from '../names/ttl';
import { CommandRefused, RedisUnavailable } from '../redis/failures';
import type { CacheTelemetry } from '../telemetry/cache-telemetry';
import type { Entry, LoadMany } from './entry';
import { encodeFrame, MAX_FRAME, unfoldedSize } from './frames';
import { type Generation, heldOver } from './generation';
import type { GuardedRedis } from './guard';
import { type Claim, type Claims, Leases, type WriteBack } from './lease';
import type { Kept } from './memory';
import type { Look, ReleaseWatch } from './release-watch';
import { keptOf } from './stored';

/** Milliseconds between two looks at a key that another process is loading: 10, 20, 40, 80, 80, … */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 80;

/** Longest wait for others, milliseconds: a lease's life, and a little for its successor to show. */
const PATIENCE = TTL.lease * 1_000 + 250;

/** A value that was not in the cache, and is now known. */
export interface Filled extends Kept {
  readonly outcome: Outcome;
}

/** A value from the catalog, ready to be written. */
interface Loaded extends Filled {
  readonly frame: Buffer;
}

export interface FillHost {
  readonly redis: GuardedRedis;
  readonly watch: ReleaseWatch;
  readonly clock: Clock;
  readonly telemetry: CacheTelemetry;
  readonly plainFrames: boolean;
}

/** Seconds a value lives: short when the release does not hold it. */
function secondsOf(entry: Entry<unknown>, value: unknown): number {
  return value === undefined ? Math.min(TTL.unknown, entry.ttl) : entry.ttl;
}

/** One fill's work: the keys still missing and what is known of the others. */
export class Fill<T> {
  readonly #leases: Leases;
  readonly #filled = new Map<string, Filled>();
  /** Values whose write-back was refused: good while their generation is the live one. */
  readonly #unwritten = new Map<string, Loaded>();

  constructor(
    private readonly host: FillHost,
    private readonly loadMany: LoadMany<T>,
  ) {
    this.#leases = new Leases(host.redis, MAX_FRAME);
  }

  /**
   * Finds values that the cache does not hold, each loaded by one process only: leases, one read of the catalog for all
   * leased keys, write-back while the leases still hold. Keys that others are loading are waited for.
   * @throws SourceUnavailable, after giving its leases back
   */
  async run(missing: readonly Entry<T>[]): Promise<ReadonlyMap<string, Filled>> {
    let waiting = missing;
    let pause = FIRST_PAUSE;
    const deadline = this.host.clock.now() + PATIENCE;
    for (;;) {
      const left = await this.#round(waiting, pause > FIRST_PAUSE);
      if (left === 'redis-out') {
        return this.withoutRedis(waiting.filter(({ key }) => !this.#filled.has(key)));
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
  async withoutRedis(missing: readonly Entry<T>[]): Promise<ReadonlyMap<string, Filled>> {
    await this.#load(missing, await this.#generation(), 'bypass');
    return this.#filled;
  }

  /** @returns the entries to wait for */
  async #round(waiting: readonly Entry<T>[], waited: boolean): Promise<readonly Entry<T>[] | 'redis-out'> {
    const { watch } = this.host;
    const look = watch.begin();
    let claims: Claims;
    try {
      claims = await this.#leases.claim(waiting.map(({ key }) => key));
    } catch (error) {
      if (error instanceof RedisUnavailable || error instanceof CommandRefused) return 'redis-out';
      throw error;
    }
    const live = watch.hear(claims.markAfter, look) ?? (await watch.renew());
    const { mine, others, needless } = this.#sort(
      waiting,
      claims,
      this.#judge(claims, live, look),
      waited,
      live,
    );
    void this.#leases.giveUp(needless);
    if (mine.length === 0) return others;
    if (live === undefined) {
      // Nobody tells which release is live: what is loaded may be old, and is not for everybody to keep.
      void this.#leases.giveUp(mine.map(({ key }) => key));
      await this.#load(mine, watch.known, 'miss');
      return others;
    }
    return [...others, ...(await this.#fillMine(mine, live))];
  }

  /** By what the values read with the claims are judged: nothing that was told only after they were read. */
  #judge(claims: Claims, live: Generation | undefined, look: Look): Generation | undefined {
    const before = this.host.watch.hear(claims.markBefore, look);
    if (before !== undefined) return heldOver(before, claims.over);
    return live === undefined ? this.host.watch.known : { ...live, told: false };
  }

  #sort(
    waiting: readonly Entry<T>[],
    { claims }: Claims,
    judge: Generation | undefined,
    waited: boolean,
    live: Generation | undefined,
  ): { mine: Entry<T>[]; others: Entry<T>[]; needless: string[] } {
    const mine: Entry<T>[] = [];
    const others: Entry<T>[] = [];
    const needless: string[] = [];
    const now = this.host.clock.now();
    waiting.forEach((entry, index) => {
      const claim: Claim = claims[index] ?? { mine: false, frame: null };
      const kept = keptOf(entry.key, claim.frame, judge, now, this.host.telemetry);
      const unwritten = this.#unwritten.get(entry.key);
      if (kept !== undefined) {
        this.#filled.set(entry.key, { ...kept, outcome: waited ? 'miss' : 'redis' });
        if (claim.mine) needless.push(entry.key);
      } else if (claim.mine) {
        mine.push(entry);
      } else if (unwritten !== undefined && unwritten.tag === live?.tag) {
        this.#filled.set(entry.key, unwritten);
      } else {
        others.push(entry);
      }
    });
    return { mine, others, needless };
  }

  /** @returns entries whose lease was lost meanwhile, to be looked at once more */
  async #fillMine(mine: readonly Entry<T>[], live: Generation): Promise<Entry<T>[]> {
    const again = mine.filter(({ key }) => this.#unwritten.get(key)?.tag !== live.tag);
    let loaded: ReadonlyMap<string, Loaded>;
    try {
      loaded = await this.#load(again, live, 'miss');
    } catch (error) {
      await this.#leases.giveUp(mine.map(({ key }) => key));
      throw error;
    }
    const values: WriteBack[] = [];
    for (const entry of mine) {
      const value = loaded.get(entry.key) ?? this.#unwritten.get(entry.key);
      if (value === undefined) continue;
      this.#filled.set(entry.key, value);
      // What had to be loaded from another release than the lease was taken under is not for everybody.
      if (value.tag !== live.tag) continue;
      values.push({ key: entry.key, frame: value.frame, ttl: secondsOf(entry, value.value) });
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
      const value = loaded.get(key);
      if (value !== undefined) this.#unwritten.set(key, value);
      this.#filled.delete(key);
    }
    return retry;
  }

  async #load(
    entries: readonly Entry<T>[],
    generation: Generation | undefined,
    outcome: Outcome,
  ): Promise<ReadonlyMap<string, Loaded>> {
    const loaded = new Map<string, Loaded>();
    if (entries.length === 0) return loaded;
    const { live, values } = await this.#read(entries, generation);
    const now = this.host.clock.now();
    for (const entry of entries) {
      const value = values.get(entry.key);
      const expiresAt = now + secondsOf(entry, value) * 1_000;
      const { stamp, release, tag } = live;
      const frame = encodeFrame(entry.key, value, { expiresAt, stamp, plain: this.host.plainFrames });
      const known = { value, outcome, release, tag, expiresAt, bytes: unfoldedSize(frame), frame };
      loaded.set(entry.key, known);
      this.#filled.set(entry.key, known);
    }
    return loaded;
  }

  /** Reads the catalog; a release that Redis named and the store does not have is looked up anew, once. */
  async #read(
    entries: readonly Entry<T>[],
    generation: Generation | undefined,
  ): Promise<{ live: Generation; values: ReadonlyMap<string, T | undefined> }> {
    const { telemetry, watch } = this.host;
    telemetry.sourceRead();
    try {
      if (generation === undefined) {
        throw new SourceUnavailable('Neither Redis nor the catalog store tells which release is live.');
      }
      try {
        return { live: generation, values: await this.loadMany(generation.release, entries) };
      } catch (error) {
        const renewed = error instanceof UnknownRelease ? await watch.renew() : undefined;
        if (renewed === undefined || renewed.release === generation.release) throw error;
        return { live: renewed, values: await this.loadMany(renewed.release, entries) };
      }
    } catch (error) {
      telemetry.sourceError();
      throw error;
    }
  }

  /** What is live while Redis tells nothing. */
  async #generation(): Promise<Generation | undefined> {
    const { watch, clock } = this.host;
    return watch.fresh(clock.now()) ?? (await watch.renewAlone()) ?? watch.known;
  }
}
