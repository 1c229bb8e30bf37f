/**
 * `npm run test:faults`: measures lookups while the store has faults, with the product's own limits, and writes the
 * table into docs/reliability.md. Exits 1 where a row is worse than its bound.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { HELD_PATIENCE_MS } from '../../lambda/names/ttl';
import { TIMEOUTS } from '../../lambda/redis/options';
import { STORE_GUARD } from '../../lambda/store/guarded-store';
import { markdownOf, rowOf } from './outcome-table';
import { type Case, CASES, FaultyWorld, type Outcome } from './source-faults';

const DOCUMENT = join(__dirname, '..', '..', 'docs', 'reliability.md');
const BEGIN = '<!-- measured by npm run test:faults -->';
const END = '<!-- end of what was measured -->';
const LOOKUPS = 10;
/** What the machine may add to a bound by being busy, milliseconds. */
const MACHINE = 100;

/** What is wrong with a case's outcomes; undefined where nothing is. */
function problemOf({ place }: Case, outcomes: readonly Outcome[]): string | undefined {
  const held = place !== 'nowhere';
  if (outcomes.some(({ verdict }) => verdict === 'wrong')) return 'a wrong answer';
  if (held && outcomes.some(({ verdict }) => verdict !== 'right')) return 'a held value was not answered';
  const bound = (held ? HELD_PATIENCE_MS : STORE_GUARD.patience) + MACHINE;
  const slowest = Math.max(...outcomes.map(({ milliseconds }) => milliseconds));
  if (slowest > bound) return `an answer after ${Math.round(slowest)} ms`;
  const late = outcomes.filter(({ milliseconds }) => milliseconds > HELD_PATIENCE_MS + MACHINE);
  return late.length > 1 ? `${late.length} lookups waited for the store` : undefined;
}

async function main(): Promise<number> {
  const world = await FaultyWorld.open();
  const rows: string[][] = [];
  let problems = 0;
  try {
    const limits = { timeouts: TIMEOUTS, storePatience: STORE_GUARD.patience };
    // The first lookup of a process loads the AWS SDK, which is none of the store's faults.
    for (const each of CASES.slice(0, 1)) await world.run(each, 1, limits);
    for (const each of CASES) {
      const outcomes = await world.run(each, LOOKUPS, limits);
      const row = rowOf(each, outcomes);
      rows.push(row);
      const problem = problemOf(each, outcomes);
      process.stdout.write(`${row.join(' · ')}${problem === undefined ? '' : `  <-- ${problem}`}\n`);
      if (problem !== undefined) problems += 1;
    }
  } finally {
    await world.close();
  }
  const machine = `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}, ${LOOKUPS} lookups a row.`;
  await write(`${machine}\n\n${markdownOf(rows)}`);
  return problems === 0 ? 0 : 1;
}

async function write(measured: string): Promise<void> {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/reliability.md has no place for the table; it lies between ${BEGIN} and ${END}`);
  const whole = `${before}${BEGIN}\n\n${measured}\n\n${END}${after}`;
  writeFileSync(DOCUMENT, await format(whole, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' }));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
