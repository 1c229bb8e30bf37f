import { Refusal } from '../redis/bulk-connection';
import { printableKey, type SnapshotRecord } from '../snapshot/record';
import type { RestoreOutcome } from '../snapshot/restore-batch';
import { OTHER_RELEASE, UNNAMED_RELEASE } from './release-rule';
import { OUT_OF_MEMORY } from './restorable';

/** Why a restore ended early, with the remedy. */
export interface Stop {
  readonly reason:
    'out-of-memory' | 'readonly' | 'newer-payload' | 'unreachable' | 'refused' | 'unsteady' | 'source';
  readonly message: string;
}

/** What a restore did. Every key of the source is counted in exactly one of the first five, or in `leftOut`. */
export interface RestoreReport {
  restored: number;
  /** Left alone, because the key exists and `replace` is off. */
  existing: number;
  expired: number;
  failed: number;
  /** Not written, because the restore had to stop. */
  untried: number;
  /** True where `untried` may be less: of a live database, or of chosen keys, nobody knows the number before the end. */
  untriedAtMost: boolean;
  /** Left out on purpose, by the reason. */
  leftOut: Record<string, number>;
  /** Keys the server evicted meanwhile to make room; restored ones may be among them. Absent where INFO hides it. */
  evicted?: number;
  reconnects: number;
  /** Times all was written again, because another server process answered, which may have lost what was written. */
  restarts: number;
  /** The first few refused keys and the server's reason. */
  failures: { key: string; reason: string }[];
  stop?: Stop;
}

const SHOWN_FAILURES = 10;

const LEFT_OUT = { 'other-release': OTHER_RELEASE, 'unnamed-release': UNNAMED_RELEASE } as const;

const READONLY =
  'The target turned into a read-only replica. Point the connection string at the primary and run the same command again; it goes on where it stopped.';

export function emptyReport(): RestoreReport {
  return {
    restored: 0,
    existing: 0,
    expired: 0,
    failed: 0,
    untried: 0,
    untriedAtMost: false,
    leftOut: {},
    reconnects: 0,
    restarts: 0,
    failures: [],
  };
}

/** Keys dealt with so far, but for those that were not tried. */
export function doneKeys({ restored, existing, expired, failed, leftOut }: RestoreReport): number {
  return Object.values(leftOut).reduce((sum, each) => sum + each, restored + existing + expired + failed);
}

/** Counts a record's outcome; a refusal that every other key would meet too becomes the reason to stop. */
export function count(report: RestoreReport, record: SnapshotRecord, outcome: RestoreOutcome): void {
  if (outcome === 'other-release' || outcome === 'unnamed-release') {
    const reason = LEFT_OUT[outcome];
    report.leftOut[reason] = (report.leftOut[reason] ?? 0) + 1;
    return;
  }
  if (!(outcome instanceof Refusal)) {
    report[outcome] += 1;
    return;
  }
  if (outcome.reason === 'OOM') report.stop ??= { reason: 'out-of-memory', message: OUT_OF_MEMORY };
  if (outcome.reason === 'READONLY') report.stop ??= { reason: 'readonly', message: READONLY };
  if (outcome.reason === 'OOM' || outcome.reason === 'READONLY') {
    report.untried += 1;
    return;
  }
  report.failed += 1;
  if (report.failures.length < SHOWN_FAILURES) {
    report.failures.push({ key: printableKey(record.key), reason: outcome.message });
  }
}
