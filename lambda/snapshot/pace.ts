import type { Clock } from '../names/clock';

/** Holds back whoever would exceed a rate. */
export interface Pace {
  /** Resolves when `operations` more may be sent. */
  take(operations: number): Promise<void>;
  /** Operations per second; 0 means unlimited. */
  readonly opsPerSecond: number;
}

/**
 * A leaky bucket without a burst: each exchange is paid for before the next may go, so a plan that counts
 * operations per second never sees a peak above the share.
 * @param opsPerSecond 0 means unlimited
 */
export function createPace(opsPerSecond: number, clock: Clock): Pace {
  let free = 0;
  return {
    opsPerSecond,
    take: async (operations) => {
      if (opsPerSecond === 0) return;
      const now = clock.now();
      const start = Math.max(free, now);
      free = start + (operations / opsPerSecond) * 1_000;
      if (start > now) await clock.sleep(start - now);
    },
  };
}
