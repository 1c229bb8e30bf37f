import { SourceUnavailable } from '../names/errors';
import type { ReadableStore } from './object-store';
import { isPassing } from './s3-failure';

/** Milliseconds that decide when a store is left alone. */
export const STORE_GUARD = {
  /** A read with all its retries; one that takes longer counts as hanging. */
  patience: 2_500,
  /** First pause before the store is tried again; doubles after each failed try. */
  firstPause: 500,
  longestPause: 2_000,
  /** So old, news of an outage is none: a process that was idle or frozen does not know how the store is now. */
  newsLife: 5_000,
  /** Without news, the read that tries the store waits so long to see it answer again. */
  tryPatience: 500,
} as const;

/** What a guard needs of the process. */
export interface GuardHost {
  /** Milliseconds since the epoch. A frozen Lambda's monotonic clock may stop, this one does not. */
  now(): number;
  /** Does `work` in so many milliseconds, unless what it returns is called before. */
  after(milliseconds: number, work: () => void): () => void;
  /** How long a read may take, milliseconds. */
  readonly patience: number;
}

/** An operator's command waits for a store far away, milliseconds. */
export const OPERATOR_STORE_PATIENCE = 30_000;

/** The machine's time and a lookup's patience. */
export const GUARD: GuardHost = {
  now: Date.now,
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  patience: STORE_GUARD.patience,
};

/** What is known of a store that did not serve. Times are milliseconds since the epoch. */
interface Outage {
  /** When it was last known to fail. */
  readonly at: number;
  readonly pause: number;
  /** When the try that is under way began. */
  readonly triedAt?: number;
}

/**
 * A store as lookups read it, so that only those wait for an outage who are there when it begins. A read that has not
 * come in time fails, and goes on beside; from then on, as after a read that the store refused, reads fail at once.
 * After a pause one is tried, beside as well: nobody waits for it, and its success ends the outage.
 *
 * An object that is absent or may not be read is an answer, and damage shows further up: neither is an outage.
 */
export class GuardedStore implements ReadableStore {
  readonly url: string;
  readonly #waiting = new Set<() => void>();
  #outage: Outage | undefined;

  constructor(
    private readonly store: ReadableStore,
    private readonly host: GuardHost = GUARD,
  ) {
    this.url = store.url;
  }

  /** @throws SourceUnavailable, at once during an outage */
  get(key: string): Promise<Uint8Array | undefined> {
    return this.#read(key, () => this.store.get(key));
  }

  /** @throws SourceUnavailable, at once during an outage */
  getWithETag(key: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    return this.#read(key, () => this.store.getWithETag(key));
  }

  #read<T>(key: string, send: () => Promise<T>): Promise<T> {
    const now = this.host.now();
    const outage = this.#outageAt(now);
    if (outage === undefined) {
      return this.#within(this.host.patience, key, this.#reported(send, now), () => this.#hangs(now));
    }
    const age = now - outage.at;
    if (outage.triedAt !== undefined || age < outage.pause) return Promise.reject(this.#out(key));
    this.#outage = { ...outage, triedAt: now };
    const tried = this.#reported(send, now);
    if (age >= STORE_GUARD.newsLife)
      return this.#within(STORE_GUARD.tryPatience, key, tried, () => undefined);
    tried.catch(() => undefined);
    return Promise.reject(this.#out(key));
  }

  /** The outage as it stands: a try that has not come back in time has failed, and a clock may have been set back. */
  #outageAt(now: number): Outage | undefined {
    const outage = this.#outage;
    if (outage === undefined) return undefined;
    if (outage.at > now || (outage.triedAt ?? now) > now)
      return (this.#outage = { at: now, pause: outage.pause });
    if (outage.triedAt !== undefined && now - outage.triedAt >= this.host.patience) {
      this.#fails(outage.triedAt + this.host.patience);
    }
    return this.#outage;
  }

  /** The read itself, whose end is reported whether or not anybody still waits for it. */
  async #reported<T>(send: () => Promise<T>, since: number): Promise<T> {
    try {
      const read = await send();
      this.#outage = undefined;
      return read;
    } catch (error) {
      if (error instanceof SourceUnavailable) this.#refused(error, since);
      throw error;
    }
  }

  #refused({ cause }: SourceUnavailable, since: number): void {
    if (!isPassing(cause)) this.#outage = undefined;
    // Of a read that was out for longer than reads are waited for, the end has been told already.
    else if (this.host.now() - since < this.host.patience) this.#fails(this.host.now(), since);
  }

  /** Nobody who waits beside this read is kept longer, unless a frozen process has just gone on with new reads. */
  #hangs(since: number): void {
    const at = since + this.host.patience;
    this.#fails(at, since);
    const isNews = this.host.now() - at < STORE_GUARD.firstPause;
    if (isNews) for (const giveUp of [...this.#waiting]) giveUp();
  }

  /**
   * @param at when the store failed
   * @param since when the read that failed began; one from before the last failure tells nothing new
   */
  #fails(at: number, since = at): void {
    const outage = this.#outage;
    if (outage === undefined) this.#outage = { at, pause: STORE_GUARD.firstPause };
    else if (outage.triedAt !== undefined && since >= outage.triedAt)
      this.#outage = { at, pause: Math.min(outage.pause * 2, STORE_GUARD.longestPause) };
  }

  /** What a read comes to, if it does so in time. */
  async #within<T>(milliseconds: number, key: string, read: Promise<T>, late: () => void): Promise<T> {
    let giveUp = (): void => undefined;
    const limit = new Promise<never>((_, reject) => {
      giveUp = () => reject(this.#out(key));
    });
    this.#waiting.add(giveUp);
    const cancel = this.host.after(milliseconds, () => {
      late();
      giveUp();
    });
    try {
      return await Promise.race([read, limit]);
    } finally {
      cancel();
      this.#waiting.delete(giveUp);
    }
  }

  #out(key: string): SourceUnavailable {
    return new SourceUnavailable(`${this.url}: ${key}: the store does not answer.`);
  }
}
