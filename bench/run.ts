import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coldContest } from './cold-contest';
import { figures, ratio } from './figures';
import { type FilledRedis, startFilledRedis } from './filled-redis';
import { type BenchOptions, readOptions } from './options';
import { type Duel, readContest } from './read-contest';
import { benchRecords, picked, type RecordSet } from './records';
import { render } from './render';
import {
  commit,
  loadNow,
  processors,
  type Results,
  type RowResult,
  savedResults,
  saveResults,
} from './results';
import type { Row } from './rows';

/** Result that later ones are compared with: the tree before its read path was rewritten. */
const BEFORE = 'before';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function resultOf(row: Row, duel: Duel): RowResult {
  const [product, baseline] = duel;
  if (product === undefined || baseline === undefined) throw new Error('a contest has two sides');
  const { name, title, judged, bar } = row;
  const against = {
    wall: ratio(product.rounds, baseline.rounds, 'wall'),
    cpu: ratio(product.rounds, baseline.rounds, 'cpu'),
  };
  return {
    name,
    title,
    judged,
    bar,
    met: against[judged].median >= bar,
    ratio: against,
    contestants: duel.map((side) => figures(side.name, side.rounds)),
  };
}

class Bench {
  readonly #folder = mkdtempSync(join(tmpdir(), 'medical-codes-bench-'));
  #redis: FilledRedis | undefined;

  constructor(
    private readonly options: BenchOptions,
    private readonly set: RecordSet,
  ) {
    process.once('exit', () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  async row(row: Row): Promise<RowResult> {
    say(`${row.title} …`);
    return resultOf(row, await this.#duel(row));
  }

  async stop(): Promise<void> {
    await this.#redis?.stop();
  }

  async #duel(row: Row): Promise<Duel> {
    const { rounds, roundMs, coldRounds, codes } = this.options;
    if (row.kind === 'cold start') return coldContest(this.#folder, coldRounds);
    const records = picked(this.set.records, codes);
    this.#redis ??= await startFilledRedis(records);
    return readContest(row, this.#redis, records, this.#folder, { rounds, roundMs });
  }
}

async function run(options: BenchOptions): Promise<Results> {
  const start = loadNow();
  const set = await benchRecords();
  const bench = new Bench(options, set);
  const rows: RowResult[] = [];
  try {
    for (const row of options.rows) rows.push(await bench.row(row));
  } finally {
    await bench.stop();
  }
  return {
    takenAt: new Date().toISOString(),
    commit: commit(),
    node: process.versions.node,
    processors: processors(),
    load: { start, end: loadNow() },
    rounds: options.rounds,
    records: { source: set.source, count: Math.min(options.codes, set.records.length) },
    rows,
  };
}

/** Rows so slow that not even a busy machine explains it. */
function belowFloor(rows: readonly Row[], results: Results): string[] {
  return rows.flatMap(({ name, floor }) => {
    const median = results.rows.find((result) => result.name === name)?.ratio.cpu.median ?? 0;
    return median < floor
      ? [`${name}: by processor time ${median.toFixed(2)} of its baseline, less than ${floor}`]
      : [];
  });
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const results = await run(options);
  process.stdout.write(`${render(results, savedResults(BEFORE))}\n`);
  if (options.save !== undefined) say(`saved: ${saveResults(options.save, results)}`);
  const slow = options.quick ? belowFloor(options.rows, results) : [];
  for (const problem of slow) say(problem);
  if (slow.length > 0) process.exitCode = 1;
}

// Exit handlers end servers and remove files; a signal alone would pass them by.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
