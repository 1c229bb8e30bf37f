import { LRUCache } from 'lru-cache';

/** A value in process memory. */
export interface Held {
  /** Undefined when the release holds no such value. */
  readonly value: unknown;
  /** Release id the value was answered with. */
  readonly release: string;
  /** Generation of the catalog the value was read under; see ReleaseWatch. */
  readonly tag: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface MemoryLimits {
  /** Most values held. */
  readonly entries: number;
  /** About the most bytes they may take together. */
  readonly bytes: number;
}

/** A fraction of the lookup function's memory; some 10,000 records and lists of ordinary size. */
export const MEMORY_LIMITS: MemoryLimits = { entries: 20_000, bytes: 48 * 1024 * 1024 };

/** Bytes that an entry takes besides its value. */
const ENTRY_OVERHEAD = 256;

/**
 * The values this process has seen last. Expired ones stay until pushed out: they are what is answered when Redis and
 * the catalog are both gone.
 */
export class Memory {
  readonly #values: LRUCache<string, Held>;

  constructor(limits: MemoryLimits = MEMORY_LIMITS) {
    this.#values = new LRUCache({ max: limits.entries, maxSize: limits.bytes });
  }

  /** A value that has neither expired nor been read under another generation. */
  fresh(key: string, tag: string, now: number): Held | undefined {
    const held = this.#values.get(key);
    return held !== undefined && held.tag === tag && held.expiresAt > now ? held : undefined;
  }

  /** Whatever is held, expired or not. */
  any(key: string): Held | undefined {
    return this.#values.get(key);
  }

  /** @param bytes about how many the value takes */
  put(key: string, held: Held, bytes: number): void {
    this.#values.set(key, held, { size: bytes + ENTRY_OVERHEAD + 2 * key.length });
  }

  get size(): number {
    return this.#values.size;
  }
}
