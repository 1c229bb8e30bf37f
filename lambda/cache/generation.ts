import type { EditionDays } from '../codes/editions';

/**
 * The catalog as a process knows it: which release is live, and which values of a cache may be believed while it is.
 *
 * Every release that goes live gets a stamp, and every value in Redis carries the stamp it was loaded under. A value
 * with the live stamp is right. One with an earlier stamp is right if it survived the removal of all that changed, so
 * it is believed only where the cache is known to have been told in full. One with any other stamp is newer than what
 * this process knows, or from elsewhere, and is a miss.
 */
export interface Generation {
  /** Id of the live release. */
  readonly release: string;
  /** Its stamp, 24 bits. */
  readonly stamp: number;
  /** Stamps of all releases that were live so lately that their values may not have expired, this one's among them. */
  readonly recent: readonly number[];
  /** The first days of its editions, by which it answers for dates. */
  readonly editions: EditionDays;
  /** Whether the cache was told in full: nothing in it differs from the live release but by its stamp. */
  readonly told: boolean;
  /**
   * Unique to one mark of the release key, or to one going-live where the store alone told. Values in process memory
   * are good under the tag they were read under.
   */
  readonly tag: string;
  /** The connection over which the cache said so (`connectionOf`); undefined where the store alone told. */
  readonly over?: unknown;
}

/**
 * What a generation says of values that were read over a connection. Over another one than its own another server may
 * have answered, a replica in the primary's place, and that one may have missed removals: it has to say itself that it
 * was told.
 */
export function heldOver(generation: Generation, over: unknown): Generation {
  return generation.told && generation.over !== over ? { ...generation, told: false } : generation;
}

/** What an answer names as its release while neither Redis nor the store tells. */
export const UNKNOWN_RELEASE = 'unknown';

/** Whether a value loaded under a stamp is right while the generation lasts. */
export function believes({ stamp: live, recent, told }: Generation, stamp: number): boolean {
  return stamp === live || (told && recent.includes(stamp));
}
