import { LRUCache } from 'lru-cache';
import { MEMORY_SECONDS } from '../names/ttl';

/** A value that is known, with what it takes to keep it. */
export interface Kept {
  /** Undefined when the release holds no such value. */
  readonly value: unknown;
  readonly release: string;
  /** Tag of the generation it was read under; empty where it is not certain, and then no memory answers with it. */
  readonly tag: string;
  /** When it expires in Redis, milliseconds since 1970. */
  readonly expiresAt: number;
  /** About how many bytes it takes in memory. */
  readonly bytes: number;
}

interface Held extends Kept {
  /** When it came into this memory, milliseconds since 1970. */
  readonly since: number;
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

  /** A value read under the same generation, for MEMORY_SECONDS and never past its own life. */
  fresh(key: string, tag: string, now: number): Kept | undefined {
    const held = this.#values.get(key);
    return held !== undefined && held.tag === tag && isAlive(held, now) ? held : undefined;
  }

  /** Whether there is a value that would be answered, were its generation still live. */
  alive(key: string, now: number): boolean {
    const held = this.#values.get(key);
    return held !== undefined && isAlive(held, now);
  }

  /** Whatever is held, expired or not. */
  any(key: string): Kept | undefined {
    return this.#values.get(key);
  }

  put(key: string, kept: Kept, now: number): void {
    const { value, release, tag, expiresAt, bytes } = kept;
    const held: Held = { value, release, tag, expiresAt, bytes, since: now };
    this.#values.set(key, held, { size: bytes + ENTRY_OVERHEAD + 2 * key.length });
  }

  get size(): number {
    return this.#values.size;
  }
}

/** A clock that was set back to before the value came says nothing of its age, so that it counts as too old. */
function isAlive({ since, expiresAt }: Held, now: number): boolean {
  const age = now - since;
  return age >= 0 && age < MEMORY_SECONDS * 1_000 && now < expiresAt;
}
