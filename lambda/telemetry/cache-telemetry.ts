import type { RedisFailure } from '../names/redis-failure';
import type { Outcome } from '../names/outcomes';

/** What the cache reports while it works. Callbacks must neither throw nor wait. */
export interface CacheTelemetry {
  /** One value was answered. */
  answered(outcome: Outcome): void;
  /** The cache misbehaved: a value nobody can decode, a refused command, a time-out. Never holds a value. */
  cacheError(problem: CacheProblem): void;
  /** Milliseconds of a Redis round trip, failed ones included. */
  roundTrip(milliseconds: number): void;
  /** The catalog was read once, for one key or for a batch. */
  sourceRead(): void;
  sourceError(): void;
}

export type CacheProblem = RedisFailure | 'undecodable' | 'refused';

/** For callers that count nothing. */
export const silentTelemetry: CacheTelemetry = {
  answered() {},
  cacheError() {},
  roundTrip() {},
  sourceRead() {},
  sourceError() {},
};
