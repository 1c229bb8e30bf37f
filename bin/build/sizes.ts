import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { FunctionName } from '../../lambda/names/functions';

export interface BundleSize {
  name: FunctionName;
  /** Bytes of `index.js`: what Lambda parses at a cold start. */
  raw: number;
  /** Bytes of it gzipped: about what a deployment uploads. */
  gzip: number;
}

/**
 * Raw bytes a bundle may weigh: what it weighed when it was measured, and a sixth more. Weight is cold start, so
 * a function over its budget should not have pulled in what it did.
 */
export const SIZE_BUDGET: Readonly<Record<FunctionName, number>> = {
  lookup: 1_100_000,
  backup: 980_000,
  'cache-monitor': 950_000,
  'hot-codes': 980_000,
  'cache-warmer': 1_010_000,
  'secret-rotation': 710_000,
};

export function measure(name: FunctionName, path: string): BundleSize {
  const code = readFileSync(path);
  return { name, raw: code.length, gzip: gzipSync(code, { level: 9 }).length };
}

/** One sentence for each bundle that weighs more than its budget. */
export function overBudget(
  sizes: readonly BundleSize[],
  budget: Readonly<Record<FunctionName, number>> = SIZE_BUDGET,
): string[] {
  return sizes
    .filter(({ name, raw }) => raw > budget[name])
    .map(
      ({ name, raw }) =>
        `${name} weighs ${kilobytes(raw)}, over its budget of ${kilobytes(budget[name])}: see what it imports.`,
    );
}

/** The sizes as an aligned table, with each bundle's share of its budget. */
export function sizeTable(sizes: readonly BundleSize[]): string {
  const rows = sizes.map(({ name, raw, gzip }) => [
    name,
    kilobytes(raw),
    kilobytes(gzip),
    `${Math.round((100 * raw) / SIZE_BUDGET[name])} %`,
  ]);
  const lines = [['function', 'size', 'gzipped', 'of budget'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`;
}
