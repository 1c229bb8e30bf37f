import { type BulkCommand, ReplyTooLarge } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import { BatchSizer, BUDGET } from './batch-sizer';
import { type KeyState, KeyStates } from './key-states';
import type { Pace } from './pace';

/** Some of the keys asked for, in their order, and what the server holds under each: undefined where it is gone. */
export interface ReadBatch {
  readonly keys: readonly Buffer[];
  readonly states: readonly (KeyState | undefined)[];
}

/**
 * Reads keys of any size in bounded memory. Batches grow from one key by the bytes that came before; a reply that
 * breaks the budget all the same is cut off and asked for again key by key; and once a large value was seen, the
 * server is asked how large the next ones are.
 */
export class KeyReader {
  readonly #sizer: BatchSizer;
  readonly #states: KeyStates;

  constructor(
    private readonly redis: BulkRedis,
    private readonly pace: Pace,
  ) {
    this.#sizer = new BatchSizer(pace.opsPerSecond);
    this.#states = new KeyStates(redis, pace);
  }

  /** @throws RedisUnavailable, ReadRefused */
  async *read(keys: readonly Buffer[]): AsyncGenerator<ReadBatch> {
    const sizer = this.#sizer;
    /** By place in `keys`; empty until sizes are asked for. */
    const sizes: (number | undefined)[] = [];
    for (let at = 0; at < keys.length;) {
      if (sizer.askSizes && sizes.length <= at) {
        sizes.length = at;
        sizes.push(...(await this.#sizes(keys.slice(at, at + sizer.most))));
      }
      const count = sizer.askSizes ? sizer.fitting(sizes.slice(at)) : sizer.keys;
      const some = keys.slice(at, at + count);
      const states = await this.#within(some);
      if (states === undefined) continue;
      at += some.length;
      sizer.saw(states.map((state) => state?.payload.length ?? 0));
      yield { keys: some, states };
    }
  }

  /** Undefined where the reply was larger than the budget. */
  async #within(keys: readonly Buffer[]): Promise<(KeyState | undefined)[] | undefined> {
    try {
      return await this.#states.read(keys, keys.length > 1 ? BUDGET.reply : undefined);
    } catch (error) {
      if (!(error instanceof ReplyTooLarge)) throw error;
      this.#sizer.sawTooMuch();
      return undefined;
    }
  }

  /** About how many bytes each key takes on the server; undefined where it does not say. */
  async #sizes(keys: readonly Buffer[]): Promise<(number | undefined)[]> {
    await this.pace.take(keys.length);
    const { replies } = await this.redis.exchange(keys.map((key): BulkCommand => ['MEMORY', 'USAGE', key]));
    // A key that is gone takes nothing.
    return replies.map((reply) => (reply === null ? 0 : typeof reply === 'number' ? reply : undefined));
  }
}
