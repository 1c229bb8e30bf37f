import type { ContestantName } from './contestant-process';
import type { Judged } from './figures';
import type { MemoryTier } from './product';

interface RowBase {
  /** Name for `--rows` and in the results. */
  readonly name: string;
  readonly title: string;
  /** What the ratio is of. */
  readonly judged: Judged;
  /** The goal: how fast against the baseline, 1 being as fast. */
  readonly bar: number;
  /** By processor time: below this not even a busy machine explains it, and `--quick` fails. */
  readonly floor: number;
}

/** A contest of reads over one Redis that holds every record twice, in the product's form and as plain JSON. */
export interface ReadRow extends RowBase {
  readonly kind: 'reads';
  readonly baseline: ContestantName;
  readonly memory: MemoryTier;
  readonly inFlight: number;
  readonly batch: number;
  /** Most codes that are asked for in turn. */
  readonly codes: number;
}

export interface ColdStartRow extends RowBase {
  readonly kind: 'cold start';
}

export type Row = ReadRow | ColdStartRow;

/** As many as a team's hot list names. */
const HOT_CODES = 1_000;
const MANY_CODES = 20_000;

const redisHit = {
  kind: 'reads',
  baseline: 'get-and-parse',
  memory: 'off',
  batch: 1,
  codes: MANY_CODES,
} as const;

export const ROWS: readonly Row[] = [
  {
    ...redisHit,
    name: 'hit-1',
    title: 'Redis hit, 1 in flight',
    judged: 'cpu',
    inFlight: 1,
    bar: 0.9,
    floor: 0.2,
  },
  {
    ...redisHit,
    name: 'hit-64',
    title: 'Redis hit, 64 in flight',
    judged: 'wall',
    inFlight: 64,
    bar: 0.95,
    floor: 0.15,
  },
  {
    ...redisHit,
    name: 'batch-100',
    title: 'Batch of 100, all in Redis',
    judged: 'wall',
    inFlight: 1,
    batch: 100,
    bar: 0.55,
    floor: 0.04,
  },
  {
    name: 'memory-hit',
    title: 'Process-memory hit',
    kind: 'reads',
    judged: 'wall',
    baseline: 'bare-get',
    memory: 'on',
    inFlight: 1,
    batch: 1,
    codes: HOT_CODES,
    bar: 40,
    floor: 8,
  },
  {
    name: 'cold-start',
    title: 'Cold start of lookup, to its first answer from Redis',
    kind: 'cold start',
    judged: 'wall',
    bar: 1 / 1.75,
    floor: 0.15,
  },
];
