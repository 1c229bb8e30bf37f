import type { RoundReport } from './contestants/protocol';

/** One side of a contest, in a process of its own. */
export interface Contender {
  readonly name: string;
  round(): Promise<RoundReport>;
  stop(): Promise<void>;
}

/** Share of answers that may come from elsewhere than the row wants: a value of the memory tier may expire midway. */
const STRAYS_ALLOWED = 0.01;

function checked(name: string, report: RoundReport): RoundReport {
  if (report.strays > report.operations * STRAYS_ALLOWED) {
    throw new Error(
      `${name}: ${report.strays} of ${report.operations} answers did not come from where the row wants them`,
    );
  }
  return report;
}

/**
 * Lets contenders run one at a time, each round in the other order, so that what else the machine does falls on all of
 * them alike.
 * @returns per contender its rounds, in the contenders' order
 */
export async function alternate(contenders: readonly Contender[], rounds: number): Promise<RoundReport[][]> {
  const reports = contenders.map((): RoundReport[] => []);
  for (let round = 0; round < rounds; round += 1) {
    const order = [...contenders.keys()];
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const contender = contenders[index];
      if (contender !== undefined) reports[index]?.push(checked(contender.name, await contender.round()));
    }
  }
  return reports;
}
