import { RedisUnavailable, CommandRefused } from '../redis/failures';
import type { Clock } from '../names/clock';
import { RELEASE_CHECK_MS } from '../names/ttl';
import type { EditionDays } from '../codes/editions';
import type { Generation } from './generation';
import type { GuardedRedis } from './guard';
import {
  type HeardMark,
  type LiveRelease,
  lookAtMark,
  type MarkLook,
  parseMark,
  writeMark,
} from './release-mark';

/** What tells for sure which release is live. */
export interface ReleaseSource {
  /** @throws SourceUnavailable */
  liveRelease(): Promise<LiveRelease>;
}

/** One look at the release key, begun at a moment. */
export interface Look {
  readonly at: number;
  /** Looks are counted, because a clock may be set back. */
  readonly order: number;
}

/** Releases whose editions are known at a time; memory may answer with values of former ones while the store is out. */
const REMEMBERED = 8;

/** Times that a reader marks the release anew when others mark it meanwhile. */
const MARK_TRIES = 3;

/**
 * Knows the live release and notices a new one within RELEASE_CHECK_MS, without reading the store while Redis tells.
 */
export class ReleaseWatch {
  #known: Generation | undefined;
  #looks = 0;
  /** The look that brought what is known. */
  #seen: Look = { at: Number.NEGATIVE_INFINITY, order: 0 };
  /** When the store last failed to tell; until the next try is due, nobody else waits for the same. */
  #failedAt = Number.NEGATIVE_INFINITY;
  #renewing: Promise<Generation | undefined> | undefined;
  #renewingAlone: Promise<Generation | undefined> | undefined;

  /** Of the releases heard of last, oldest first. */
  readonly #editions = new Map<string, EditionDays>();

  constructor(
    private readonly redis: GuardedRedis,
    private readonly source: ReleaseSource,
    private readonly clock: Clock,
  ) {}

  /** The generation as last seen, however long ago. */
  get known(): Generation | undefined {
    return this.#known;
  }

  /** The generation, if it was looked at recently enough to answer from memory. */
  fresh(now: number): Generation | undefined {
    const age = now - this.#seen.at;
    // A clock that was set back makes an age negative, and says nothing about it.
    return age >= 0 && age < RELEASE_CHECK_MS ? this.#known : undefined;
  }

  /** The editions of a release; undefined for one that was not heard of. */
  editions(release: string): EditionDays | undefined {
    return this.#editions.get(release);
  }

  begin(): Look {
    this.#looks += 1;
    return { at: this.clock.now(), order: this.#looks };
  }

  /**
   * Takes in the release key.
   * @returns what they say, also where a later look has brought something newer; undefined when they say nothing
   */
  hear(mark: HeardMark, look: Look): Generation | undefined {
    const heard = said(mark, look);
    if (heard !== undefined) this.#accept(heard, look);
    return heard;
  }

  /**
   * The generation by the store's word, and the release key marked with it for the other processes. Reads at one time
   * are one.
   * @returns undefined when the store does not tell, or has just not told
   */
  renew(): Promise<Generation | undefined> {
    if (this.#hasJustFailed()) return Promise.resolve(undefined);
    this.#renewing ??= this.#ask(() => this.#lookAtMark()).finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /** The same while Redis is known to be out: it is neither asked nor told. */
  renewAlone(): Promise<Generation | undefined> {
    if (this.#hasJustFailed()) return Promise.resolve(undefined);
    this.#renewingAlone ??= this.#ask(() => Promise.resolve(undefined)).finally(
      () => (this.#renewingAlone = undefined),
    );
    return this.#renewingAlone;
  }

  #hasJustFailed(): boolean {
    const since = this.clock.now() - this.#failedAt;
    return since >= 0 && since < RELEASE_CHECK_MS;
  }

  async #ask(lookAtMark: () => Promise<MarkLook | undefined>): Promise<Generation | undefined> {
    for (let attempt = 1; attempt <= MARK_TRIES; attempt += 1) {
      const look = this.begin();
      const mark = await lookAtMark();
      let live: LiveRelease;
      try {
        live = await this.source.liveRelease();
      } catch {
        this.#failedAt = this.clock.now();
        return undefined;
      }
      const heard = mark && said(mark, look);
      const renewed = heard?.stamp === live.stamp ? heard : await this.#mark(mark, live);
      if (renewed === undefined) continue;
      this.#accept(renewed, look);
      return renewed;
    }
    return undefined;
  }

  async #lookAtMark(): Promise<MarkLook | undefined> {
    return this.#unlessOut(() => this.redis.run(lookAtMark));
  }

  /** Tells the other processes. Undefined when one of them, or a publish, was faster. */
  async #mark(mark: MarkLook | undefined, live: LiveRelease): Promise<Generation | undefined> {
    const alone = { ...live, told: false, tag: `store:${live.stamp}` };
    if (mark === undefined) return alone;
    const written = await this.#unlessOut(() =>
      this.redis.run(async (client) => ({
        generation: await writeMark(client, mark, live, this.clock.now()),
      })),
    );
    if (written === undefined) return alone;
    return written.generation && { ...written.generation, over: mark.over };
  }

  async #unlessOut<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RedisUnavailable || error instanceof CommandRefused) return undefined;
      throw error;
    }
  }

  #remember({ release, editions }: Generation): void {
    if (this.#editions.get(release) === editions) return;
    this.#editions.delete(release);
    this.#editions.set(release, editions);
    const [oldest] = this.#editions.keys();
    if (this.#editions.size > REMEMBERED && oldest !== undefined) this.#editions.delete(oldest);
  }

  #accept(generation: Generation, look: Look): void {
    this.#remember(generation);
    // A look that took longer than a newer one must not turn time back.
    if (look.order < this.#seen.order) return;
    this.#seen = look;
    const { tag, over } = generation;
    if (this.#known?.tag !== tag || this.#known.over !== over) this.#known = generation;
  }
}

function said(mark: HeardMark, { at }: Look): Generation | undefined {
  const parsed = parseMark(mark, at);
  return parsed && { ...parsed, over: mark.over };
}
