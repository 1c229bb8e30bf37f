import type { Outcome } from '../names/outcomes';

/** One value as it is answered, from the cache up to the doors. */
export interface Answer<T> {
  readonly value: T;
  readonly outcome: Outcome;
  /** Id of the catalog release the value belongs to; UNKNOWN_RELEASE while neither Redis nor the store tells. */
  readonly release: string;
}

/** How to find one value. */
export interface Entry<T> {
  /** Redis key, spelt by `keys`. */
  readonly key: string;
  /** Seconds the value lives in Redis. */
  readonly ttl: number;
  /**
   * Reads the value from the catalog; undefined when the release has none.
   * @throws SourceUnavailable
   */
  load(release: string): Promise<T | undefined>;
}

/** Reads many values from the catalog at once, by key; a key left out is one the release does not hold. */
export type LoadMany<T> = (
  release: string,
  missing: readonly Entry<T>[],
) => Promise<ReadonlyMap<string, T | undefined>>;

/**
 * Values of mixed families share memory, flights and Redis, but a key belongs to one family: what lies under it is what
 * an entry of that key loaded, here or in another process, and a frame's checksum covers its key.
 */
export function ofEntry<T>(_entry: Entry<T>, _value: unknown): _value is T | undefined {
  return true;
}
