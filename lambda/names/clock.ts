import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the cache sees it. */
export interface Clock {
  /** Milliseconds since the epoch. A frozen Lambda's monotonic clock may stop, this one does not. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) };
