import type { Output } from '../terminal/output';

/** Work at one server: so many operations at so many a second; 0 means no limit. */
export interface PacedWork {
  readonly operations: number;
  readonly opsPerSecond: number;
}

/** Seconds that work takes at its pace; where several servers work at once, the slowest decides. 0 without a limit. */
export function secondsOf(...atOnce: readonly PacedWork[]): number {
  return Math.max(
    ...atOnce.map(({ operations, opsPerSecond }) => (opsPerSecond === 0 ? 0 : operations / opsPerSecond)),
  );
}

/** `40 s`, `12 min`, `3 h 20 min`. */
export function spokenTime(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Time of a rate that is not known beforehand, milliseconds, until it is told. */
const LOOK_AFTER_MS = 3_000;

/** Says once, after a few seconds of a step, how long the rest of it will take. */
export function sayingTimeLeft(output: Output, step: string, total: number): { update(done: number): void } {
  const started = Date.now();
  let said = false;
  return {
    update(done) {
      const elapsed = Date.now() - started;
      if (said || elapsed < LOOK_AFTER_MS || done === 0) return;
      said = true;
      output.note(`${step}: about ${spokenTime(((total - done) / done) * (elapsed / 1_000))} left`);
    },
  };
}
