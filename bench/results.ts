import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';

const RESULTS = join(__dirname, 'results');

const spreadSchema = z.object({ median: z.number(), min: z.number(), max: z.number() });

const rowSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Which of the two ratios the bar is for. */
  judged: z.enum(['wall', 'cpu']),
  bar: z.number(),
  met: z.boolean(),
  /** How fast the product is against its baseline, rounds compared in pairs. */
  ratio: z.object({ wall: spreadSchema, cpu: spreadSchema }),
  /** The product, then its baseline; microseconds an operation. */
  contestants: z.array(z.object({ name: z.string(), wall: spreadSchema, cpu: spreadSchema })),
});
export type RowResult = z.infer<typeof rowSchema>;

const resultsSchema = z.object({
  takenAt: z.string(),
  /** Null outside a git checkout. */
  commit: z.nullable(z.string()),
  node: z.string(),
  processors: z.string(),
  /** Load average of the last minute, at the start and at the end. */
  load: z.object({ start: z.number(), end: z.number() }),
  rounds: z.number(),
  records: z.object({ source: z.string(), count: z.number() }),
  rows: z.array(rowSchema),
});
export type Results = z.infer<typeof resultsSchema>;

/** Load average of the last minute: how many processes wanted a processor. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

export function processors(): string {
  const all = cpus();
  return `${all.length} x ${all[0]?.model.trim() ?? 'unknown'}`;
}

/** Short id of the commit that is measured; null outside a git checkout. */
export function commit(): string | null {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: __dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

/** @returns the path written */
export function saveResults(name: string, results: Results): string {
  mkdirSync(RESULTS, { recursive: true });
  const path = join(RESULTS, `${name}.json`);
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  return path;
}

/** Results kept under `name`; undefined where there are none. */
export function savedResults(name: string): Results | undefined {
  const path = join(RESULTS, `${name}.json`);
  return existsSync(path) ? resultsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}
