import type { RedisClient } from '../redis/connection';

/** Adds to one member of a sorted set. */
export interface Increment {
  readonly key: string;
  readonly member: string;
  readonly by: number;
}

/** Most distinct members waiting; beyond them new ones are not counted. */
export const OUTBOX_LIMIT = 1_000;

/** Most increments that ride one round trip, so that a long queue never weighs on a read. */
const PER_TRIP = 100;

interface Waiting extends Increment {
  /** Sent before, with no answer: its last chance. */
  readonly again: boolean;
}

/**
 * Counts that wait for the next round trip of a read and ride along. They never delay or fail a read. An increment
 * whose fate is unknown is sent once more, so that a broken connection may count a use twice, but loses it only when
 * it breaks twice. Whoever does not want counting never enqueues.
 */
export class Outbox {
  readonly #waiting = new Map<string, Waiting>();
  #riding: Promise<unknown> | undefined;

  /** Increments of one member are added up while they wait. */
  enqueue(increment: Increment): void {
    this.#merge({ ...increment, again: false });
  }

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Issues what waits on a client that is about to send other commands. Call it before those: replies come in order,
   * so that the increments are known to have arrived when the read is answered.
   */
  ride(client: RedisClient): void {
    if (this.#waiting.size === 0) return;
    const taken: Promise<unknown>[] = [];
    for (const [id, increment] of this.#waiting) {
      if (taken.length >= PER_TRIP) break;
      this.#waiting.delete(id);
      taken.push(
        client.zincrby(increment.key, increment.by, increment.member).catch(() => {
          if (!increment.again) this.#merge({ ...increment, again: true });
        }),
      );
    }
    this.#riding = Promise.all(taken);
  }

  /** Settles when the increments sent last are answered. Never rejects. */
  async arrived(): Promise<void> {
    await this.#riding;
  }

  #merge(increment: Waiting): void {
    const id = `${increment.key} ${increment.member}`;
    const waiting = this.#waiting.get(id);
    if (waiting === undefined && this.#waiting.size >= OUTBOX_LIMIT) return;
    this.#waiting.set(id, {
      ...increment,
      by: increment.by + (waiting?.by ?? 0),
      again: increment.again || (waiting?.again ?? false),
    });
  }
}
