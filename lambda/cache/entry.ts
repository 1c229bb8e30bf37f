import type { Outcome } from '../names/outcomes';

export interface Answer<T> {
  /** Undefined when the live release holds no such value. */
  readonly value: T | undefined;
  readonly outcome: Outcome;
  /** Id of the catalog release the value belongs to; `unknown` while neither Redis nor the store tells. */
  readonly release: string;
}

/** How to find one value and how to know it. */
export interface Entry<T> {
  /** Redis key, spelt by `keys`. */
  readonly key: string;
  /** Seconds the value lives in Redis. */
  readonly ttl: number;
  /** A cheap check of a plain JSON value's shape. Throwing makes the value a miss, which overwrites it. */
  decode(value: unknown): T;
  /**
   * Reads the value from the catalog; undefined when the release has none.
   * @throws SourceUnavailable
   */
  load(release: string): Promise<T | undefined>;
}

/** Reads many values from the catalog at once, by key; a key left out is one the release does not hold. */
export type LoadMany<T> = (
  release: string,
  missing: Entry<T>[],
) => Promise<ReadonlyMap<string, T | undefined>>;
