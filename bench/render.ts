import { styleText } from 'node:util';
import { table } from '../cli/terminal/table';
import type { Spread } from './figures';
import type { Results, RowResult } from './results';

/** Two digits that count, or all before the point. */
function digits(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

/** A duration given in microseconds. */
function time(us: number): string {
  return us >= 10_000 ? `${(us / 1_000).toFixed(0)} ms` : `${digits(us)} µs`;
}

const between = ({ min, max }: Spread, show: (value: number) => string): string =>
  `${show(min)} – ${show(max)}`;

/** The ratio that the bar is for carries a star. */
function ratioCell({ ratio, judged }: RowResult, of: 'wall' | 'cpu'): string {
  return `${digits(ratio[of].median)}${judged === of ? '*' : ' '}`;
}

function barCell({ bar, met }: RowResult): string {
  return `${digits(bar)} ${met ? styleText('green', 'met') : styleText('yellow', 'missed')}`;
}

function lines(row: RowResult, before: RowResult | undefined): string[][] {
  return row.contestants.map(({ name, wall, cpu }, index) => [
    ...(index === 0 ? [row.title] : ['']),
    name,
    time(wall.median),
    between(wall, time),
    time(cpu.median),
    ...(index === 0
      ? [
          ratioCell(row, 'wall'),
          ratioCell(row, 'cpu'),
          between(row.ratio[row.judged], digits),
          before === undefined ? '' : digits(before.ratio[row.judged].median),
          barCell(row),
        ]
      : []),
  ]);
}

const HEADING = ['', '', 'wall', 'min – max', 'CPU', 'by wall', 'by CPU', '* min – max', '* before', '* bar'];
const NUMBERS = [2, 3, 4, 5, 6, 7, 8];

/**
 * The table of one run.
 * @param before an earlier run to compare with
 */
export function render(results: Results, before: Results | undefined): string {
  const { records, rounds, load, node } = results;
  const rows = results.rows.flatMap((row) => {
    const earlier = before?.rows.find(({ name }) => name === row.name);
    return lines(row, earlier);
  });
  return [
    table(HEADING, rows, NUMBERS),
    '',
    'Times are of one operation: the median round, and the fastest and slowest. "by wall" and "by CPU" say how fast',
    'the product is against its baseline, 1 being as fast; * marks the one that the bar is for.',
    `${rounds} alternating rounds, ${records.count.toLocaleString('en')} records (${records.source}), Node ${node},`,
    `${results.processors}, load ${load.start} to ${load.end}.`,
  ].join('\n');
}
