import type { RedisClient } from '../redis/connection';
import type { Clock } from '../names/clock';
import type { GuardedRedis } from './guard';
import { keys } from '../names/keys';
import { RELEASE_CHECK_MS, TTL } from '../names/ttl';

/** The catalog as a reader last saw it. */
export interface Generation {
  /** Id of the live release. */
  readonly release: string;
  /**
   * Exact text of the release key. A publish changes it twice, before and after it removes the changed values, so that
   * what a process read in between, under the new release but possibly old, is dropped as well.
   */
  readonly tag: string;
}

/** The source of truth's word on which release is live. */
export interface LiveRelease {
  /** @throws SourceUnavailable */
  liveRelease(): Promise<string>;
}

/** Release named in an answer while nobody tells which one is live. */
export const UNKNOWN_RELEASE = 'unknown';

/** Stands between a release's id and the mark of one publishing step; no release id holds it. */
const MARK = '#';

/** What a publish writes to the release key at one of its steps. */
export function markedRelease(release: string, mark: string): string {
  return `${release}${MARK}${mark}`;
}

/** The generation that a release key's text stands for. */
export function generationOf(tag: string): Generation {
  const [release = tag] = tag.split(MARK, 1);
  return { release, tag };
}

/**
 * Knows the live release and notices a new one within RELEASE_CHECK_MS, without reading the store while Redis tells.
 */
export class ReleaseWatch {
  #known: Generation | undefined;
  #inRedis: string | undefined;
  /** When the last check that succeeded was begun. */
  #checkedAt = Number.NEGATIVE_INFINITY;
  /** When the last check failed; until the next is due, nobody else waits for the same time-outs. */
  #failedAt = Number.NEGATIVE_INFINITY;
  #checking: Promise<Generation | undefined> | undefined;
  #reading: Promise<Generation | undefined> | undefined;

  constructor(
    private readonly redis: GuardedRedis,
    private readonly catalog: LiveRelease,
    private readonly clock: Clock,
  ) {}

  /** The generation as last seen, however long ago. */
  get known(): Generation | undefined {
    return this.#known;
  }

  /** Id of the release that Redis itself named last; the store's word is not in here. */
  get inRedis(): string | undefined {
    return this.#inRedis;
  }

  /** The generation, if it was looked at recently enough to answer from memory. */
  fresh(now: number): Generation | undefined {
    return now - this.#checkedAt < RELEASE_CHECK_MS ? this.#known : undefined;
  }

  /**
   * The generation, looked up if that is due: in Redis, or in the store when Redis is out. Undefined when neither
   * tells; `known` then is what was true before.
   */
  async check(): Promise<Generation | undefined> {
    const now = this.clock.now();
    const fresh = this.fresh(now);
    if (fresh !== undefined) return fresh;
    if (now - this.#failedAt < RELEASE_CHECK_MS) return undefined;
    this.#checking ??= this.#look(now).finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  /**
   * Takes in the release key's text as a round trip begun at `startedAt` read it. An absent key is filled from the
   * store.
   * @returns undefined when neither tells
   */
  async learn(text: string | null, startedAt: number): Promise<Generation | undefined> {
    if (text !== null) return this.#hear(text, startedAt);
    if (startedAt - this.#failedAt < RELEASE_CHECK_MS) return undefined;
    return this.#readStore(startedAt);
  }

  async #look(startedAt: number): Promise<Generation | undefined> {
    let text: string | null = null;
    try {
      text = await this.redis.run((client) => client.get(keys.release));
    } catch {
      // The store knows as well.
    }
    return text === null ? this.#readStore(startedAt) : this.#hear(text, startedAt);
  }

  /** One read of the store serves all who find the key absent meanwhile. */
  #readStore(startedAt: number): Promise<Generation | undefined> {
    this.#reading ??= this.#fromStore(startedAt).finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #fromStore(startedAt: number): Promise<Generation | undefined> {
    let release: string;
    try {
      release = await this.catalog.liveRelease();
    } catch {
      this.#failedAt = this.clock.now();
      return undefined;
    }
    const shared = await this.#share(release);
    return shared === undefined ? this.#accept(release, startedAt) : this.#hear(shared, startedAt);
  }

  /** Tells the other processes, unless one of them or a publish was faster: then that counts. */
  async #share(release: string): Promise<string | undefined> {
    try {
      return await this.redis.run((client) => shareRelease(client, release));
    } catch {
      return undefined;
    }
  }

  #hear(text: string, startedAt: number): Generation {
    const generation = this.#accept(text, startedAt);
    this.#inRedis = generation.release;
    return generation;
  }

  #accept(tag: string, startedAt: number): Generation {
    if (this.#known?.tag === tag) {
      this.#checkedAt = Math.max(this.#checkedAt, startedAt);
      return this.#known;
    }
    // An answer that took longer than a newer one must not turn the clock back.
    if (startedAt < this.#checkedAt && this.#known !== undefined) return this.#known;
    this.#checkedAt = startedAt;
    this.#known = generationOf(tag);
    return this.#known;
  }
}

async function shareRelease(client: RedisClient, release: string): Promise<string> {
  const [, text] = await Promise.all([
    client.set(keys.release, release, 'EX', TTL.release, 'NX'),
    client.get(keys.release),
  ]);
  return text ?? release;
}
