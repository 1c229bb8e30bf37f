import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { UsageError } from '../terminal/failure';

const planSchema = z.object({
  name: z.string(),
  memoryMb: z.number().check(z.positive()),
  /** 0: the plan names no limit. */
  connections: z.number().check(z.nonnegative()),
  /** 0: the plan names no limit. */
  opsPerSecond: z.number().check(z.nonnegative()),
  tls: z.boolean(),
  monthlyUsd: z.number().check(z.nonnegative()),
});
export type RedisPlan = z.infer<typeof planSchema>;

export interface PriceList {
  /** Where the figures come from, as the report states it. */
  readonly source: string;
  /** Smallest first. */
  readonly plans: readonly RedisPlan[];
}

const essentials = (
  memoryMb: number,
  connections: number,
  opsPerSecond: number,
  monthlyUsd: number,
): RedisPlan => ({
  name: `Essentials ${memoryMb < 1_024 ? `${memoryMb} MB` : `${memoryMb / 1_024} GB`}`,
  memoryMb,
  connections,
  opsPerSecond,
  tls: true,
  monthlyUsd,
});

/** Pro is sized freely and billed by the hour; its monthly minimum buys about what the largest Essentials has. */
const PRO: RedisPlan = {
  name: 'Pro at its minimum',
  memoryMb: 12_288,
  connections: 0,
  opsPerSecond: 0,
  tls: true,
  monthlyUsd: 200,
};

/** Assumed list prices of Redis Cloud, in one zone, in us-east-1. They change; `--prices` takes others. */
export const ASSUMED_PRICES: PriceList = {
  source:
    'assumed list prices of Redis Cloud, one zone, us-east-1, as of 2026-11-22; compare with the console',
  plans: [
    { name: 'Free 30 MB', memoryMb: 30, connections: 30, opsPerSecond: 100, tls: false, monthlyUsd: 0 },
    essentials(100, 256, 1_000, 7),
    essentials(250, 256, 1_000, 10),
    essentials(500, 512, 1_500, 15),
    essentials(1_024, 1_024, 2_000, 22),
    essentials(2_560, 2_500, 4_000, 46),
    essentials(5_120, 5_000, 8_000, 90),
    essentials(12_288, 10_000, 16_000, 198),
    PRO,
  ],
};

/**
 * Reads a price list of the operator's own: a JSON array of plans with name, memoryMb, connections,
 * opsPerSecond, tls and monthlyUsd.
 * @throws UsageError saying what is wrong with the file
 */
export function readPrices(path: string): PriceList {
  const example =
    '[{"name":"Mine","memoryMb":250,"connections":256,"opsPerSecond":1000,"tls":true,"monthlyUsd":10}]';
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const problem = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new UsageError(`--prices: ${path} ${problem}; expected for example ${example}.`);
  }
  const parsed = z.array(planSchema).check(z.minLength(1)).safeParse(content);
  if (parsed.success) {
    return { source: `prices of ${path}`, plans: parsed.data.toSorted((a, b) => a.memoryMb - b.memoryMb) };
  }
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the list' : issue.path.join('.');
  throw new UsageError(`--prices: ${path}: ${where} is unusable; expected for example ${example}.`);
}
