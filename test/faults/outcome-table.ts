import type { Case, Outcome } from './source-faults';

/** A lookup that took longer waited for the store, milliseconds. */
const WAITED = 200;

const COLUMNS = [
  'the store',
  'value in',
  'release key',
  'answers',
  '`x-cache`',
  'typical ms',
  'slowest ms',
  'over 200 ms',
];

/** What became of a case's lookups, as a row of the table. */
export function rowOf({ name, place, releaseKey }: Case, outcomes: readonly Outcome[]): string[] {
  const times = outcomes.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const verdicts = Map.groupBy(outcomes, ({ verdict }) => verdict);
  const sources = new Set(outcomes.flatMap(({ from }) => from ?? []));
  return [
    name,
    place,
    releaseKey,
    Array.from(verdicts, ([verdict, those]) => `${those.length} × ${verdict}`).join(', '),
    sources.size === 0 ? '–' : [...sources].join(', '),
    figure(times[times.length >> 1]),
    figure(times.at(-1)),
    String(times.filter((time) => time > WAITED).length),
  ];
}

function figure(milliseconds = 0): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0);
}

/** A table in Markdown. */
export function markdownOf(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(line)].join('\n');
}
