import type { RedisClient } from '../redis/connection';
import { CommandRefused, RedisUnavailable } from '../redis/failures';
import type { Breaker } from './breaker';
import type { Clock } from '../names/clock';
import type { Outbox } from './outbox';
import type { CacheTelemetry } from '../telemetry/cache-telemetry';

/** What the cache needs of a connection; RedisConnection is one. */
export interface RedisRunner {
  /** @throws RedisUnavailable, CommandRefused */
  run<T>(work: (client: RedisClient) => Promise<T>): Promise<T>;
}

/** Redis behind its breaker: every call is timed, counted, and takes waiting usage counts along. */
export class GuardedRedis {
  constructor(
    private readonly redis: RedisRunner | undefined,
    private readonly breaker: Breaker,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly telemetry: CacheTelemetry,
  ) {}

  /** False where no shared cache is configured at all. */
  get configured(): boolean {
    return this.redis !== undefined;
  }

  /**
   * Runs commands that `work` issues in one go.
   * @throws RedisUnavailable at once while the breaker is open; CommandRefused when the server answered with an error
   */
  async run<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.redis === undefined || !this.breaker.allows()) throw new RedisUnavailable('open');
    const startedAt = this.clock.now();
    try {
      const result = await this.redis.run((client) => {
        this.outbox.ride(client);
        return work(client);
      });
      this.#heard(startedAt);
      return result;
    } catch (error) {
      if (error instanceof CommandRefused) {
        this.#heard(startedAt);
        this.telemetry.cacheError('refused');
      } else {
        this.#failed(startedAt, error);
      }
      throw error;
    }
  }

  #heard(startedAt: number): void {
    this.breaker.succeeded(startedAt);
    this.telemetry.roundTrip(this.clock.now() - startedAt);
  }

  #failed(startedAt: number, error: unknown): void {
    this.breaker.failed(startedAt);
    this.telemetry.roundTrip(this.clock.now() - startedAt);
    const failure = error instanceof RedisUnavailable ? error.failure : 'other';
    this.telemetry.cacheError(failure === 'open' ? 'other' : failure);
  }
}
