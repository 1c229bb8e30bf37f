/** Who answered a read, nearest first. Of several values the farthest counts. */
export const OUTCOMES = ['memory', 'redis', 'miss', 'bypass', 'stale'] as const;
export type Outcome = (typeof OUTCOMES)[number];
