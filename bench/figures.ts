import type { RoundReport } from './contestants/protocol';

/** Wall time, or processor time of the contestant's process. */
export type Judged = 'wall' | 'cpu';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Figures {
  readonly name: string;
  /** Microseconds an operation. */
  readonly wall: Spread;
  readonly cpu: Spread;
}

/** @throws RangeError for no values */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  const [min] = sorted;
  const max = sorted.at(-1);
  if (low === undefined || high === undefined || min === undefined || max === undefined) {
    throw new RangeError('there is no median of nothing');
  }
  return { median: (low + high) / 2, min, max };
}

/** Microseconds an operation of one round. */
function cost({ operations, wallMs, cpuMs }: RoundReport, judged: Judged): number {
  return ((judged === 'wall' ? wallMs : cpuMs) * 1_000) / operations;
}

export function figures(name: string, rounds: readonly RoundReport[]): Figures {
  return {
    name,
    wall: spread(rounds.map((round) => cost(round, 'wall'))),
    cpu: spread(rounds.map((round) => cost(round, 'cpu'))),
  };
}

/**
 * How fast against the baseline, 1 being as fast and 2 twice as fast. Rounds are compared in pairs, because two
 * neighbours in time share what else the machine does.
 */
export function ratio(
  contestant: readonly RoundReport[],
  baseline: readonly RoundReport[],
  judged: Judged,
): Spread {
  const pairs = contestant.flatMap((round, index) => {
    const other = baseline[index];
    return other === undefined ? [] : [cost(other, judged) / cost(round, judged)];
  });
  return spread(pairs);
}
