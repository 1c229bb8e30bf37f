import { RELEASE_CHECK_MS } from '../names/ttl';
import type { Answer } from './entry';

interface Flight {
  readonly startedAt: number;
  readonly answer: Promise<Answer<unknown>>;
}

/**
 * Reads under way in this process, so that many callers for one key are one read. A read older than the release check
 * is not joined: it may have begun before a publish that the new caller already knows of.
 */
export class Flights {
  readonly #flights = new Map<string, Flight>();

  find(key: string, now: number): Promise<Answer<unknown>> | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined) return undefined;
    const age = now - flight.startedAt;
    return age >= 0 && age < RELEASE_CHECK_MS ? flight.answer : undefined;
  }

  /** Makes a read joinable until it ends. */
  add(key: string, startedAt: number, answer: Promise<Answer<unknown>>): void {
    const flight = { startedAt, answer };
    this.#flights.set(key, flight);
    const landed = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    answer.then(landed, landed);
  }

  get size(): number {
    return this.#flights.size;
  }
}
