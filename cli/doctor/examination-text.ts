import { styleText } from 'node:util';
import type { CheckResult, Status } from './check';

const SYMBOL: Readonly<Record<Status, string>> = { pass: '✔', warn: '!', fail: '✘', skipped: '–' };
const COLOUR = { pass: 'green', warn: 'yellow', fail: 'red', skipped: 'gray' } as const;

export type Summary = Readonly<Record<Status, number>>;

export function summaryOf(results: readonly CheckResult[]): Summary {
  const count = (status: Status): number => results.filter((result) => result.status === status).length;
  return { pass: count('pass'), warn: count('warn'), fail: count('fail'), skipped: count('skipped') };
}

/** The results as a list for a terminal, remedies below what needs them. Colours only where the terminal has them. */
export function render(results: readonly CheckResult[]): string {
  const width = Math.max(0, ...results.map(({ title }) => title.length));
  const lines = results.flatMap(({ status, title, detail, remedy }) => {
    const symbol = styleText(COLOUR[status], SYMBOL[status]);
    const line = `  ${symbol}  ${title.padEnd(width)}  ${status === 'skipped' ? styleText('gray', detail) : detail}`;
    return remedy === undefined ? [line] : [line, `     ${' '.repeat(width)}  → ${remedy}`];
  });
  const { pass, warn, fail, skipped } = summaryOf(results);
  const verdict = fail > 0 ? 'Something is broken' : warn > 0 ? 'Working, with remarks' : 'All well';
  return [
    ...lines,
    '',
    `${verdict}: ${pass} passed, ${warn} warned, ${fail} failed, ${skipped} skipped.`,
  ].join('\n');
}
