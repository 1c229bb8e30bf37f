import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeRecord } from '../lambda/codes/record';
import { alternate } from './contender';
import { ContestantProcess } from './contestant-process';
import type { RoundReport, Task } from './contestants/protocol';
import type { FilledRedis } from './filled-redis';
import type { ReadRow } from './rows';

export interface Pace {
  readonly rounds: number;
  /** How long a round of reads lasts. */
  readonly roundMs: number;
}

/** Rounds of the product and of its baseline, in this order. */
export type Duel = readonly { readonly name: string; readonly rounds: readonly RoundReport[] }[];

/** @param folder a temporary folder for bundles and questions */
export async function readContest(
  row: ReadRow,
  redis: FilledRedis,
  records: readonly CodeRecord[],
  folder: string,
  pace: Pace,
): Promise<Duel> {
  const questions = join(folder, `${row.name}.json`);
  const asked = records.slice(0, row.codes).map(({ code, description }) => [code, description]);
  writeFileSync(questions, JSON.stringify(asked));
  const { memory, batch, inFlight } = row;
  const task = (connectionString: string): Task => ({ connectionString, questions, memory, batch, inFlight });
  const contenders: ContestantProcess[] = [];
  try {
    contenders.push(await ContestantProcess.start('product', task(redis.product), folder, pace.roundMs));
    contenders.push(await ContestantProcess.start(row.baseline, task(redis.plain), folder, pace.roundMs));
    const reports = await alternate(contenders, pace.rounds);
    return contenders.map(({ name }, index) => ({ name, rounds: reports[index] ?? [] }));
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}
