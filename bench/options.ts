import { Command, InvalidArgumentError } from 'commander';
import { type Row, ROWS } from './rows';

export interface BenchOptions {
  readonly rows: readonly Row[];
  readonly rounds: number;
  /** How long one round of reads lasts, milliseconds. */
  readonly roundMs: number;
  /** A cold start is one operation a round, so it takes more rounds. */
  readonly coldRounds: number;
  /** Most records in Redis. */
  readonly codes: number;
  /** Whether a row below its floor fails the run. */
  readonly quick: boolean;
  /** Name under bench/results; undefined for a run that is not kept. */
  readonly save: string | undefined;
}

const FULL = { rounds: 7, roundMs: 500, codes: 20_000 };
const QUICK = { rounds: 3, roundMs: 100, codes: 2_000 };

/** Cold starts in a round's stead. */
const COLD_STARTS = 3;

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 to 9999.');
  return Number(text);
}

function rowsNamed(text: string): Row[] {
  return text.split(',').map((name) => {
    const row = ROWS.find((each) => each.name === name.trim());
    if (row === undefined) {
      throw new InvalidArgumentError(`Rows are ${ROWS.map((each) => each.name).join(', ')}.`);
    }
    return row;
  });
}

function resultName(text: string): string {
  if (!/^[\w.-]+$/.test(text)) throw new InvalidArgumentError('Expected letters, digits, dots and hyphens.');
  return text;
}

/** Ends the process with 1 and a word of what was wrong when an option is. */
export function readOptions(args: readonly string[]): BenchOptions {
  const program = new Command('npm run bench --')
    .description(
      'Measures the product against hand-written baselines; docs/performance.md explains the rows.',
    )
    .option('--rounds <n>', `alternating rounds a row (default ${FULL.rounds})`, wholeNumber)
    .option('--rows <names>', `some rows only: ${ROWS.map(({ name }) => name).join(',')}`, rowsNamed)
    .option('--quick', 'a smoke: short rounds, fails when a row is far below what any machine explains')
    .option('--save <name>', 'name of the result under bench/results (default: the time)', resultName)
    .parse(args, { from: 'user' });
  const given = program.opts<{ rounds?: number; rows?: Row[]; quick?: boolean; save?: string }>();
  const quick = given.quick === true;
  const pace = quick ? QUICK : FULL;
  const rounds = given.rounds ?? pace.rounds;
  const now = new Date().toISOString().replace(/[:.]/g, '-');
  return {
    rows: given.rows ?? ROWS,
    rounds,
    roundMs: pace.roundMs,
    coldRounds: rounds * COLD_STARTS,
    codes: pace.codes,
    quick,
    save: given.save ?? (quick ? undefined : now),
  };
}
