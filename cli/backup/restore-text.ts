import { agrees, type ComparisonReport } from '../../lambda/backup/compare-all';
import type { RestoreReport } from '../../lambda/backup/restore-report';
import { table } from '../terminal/table';

/** Whether every record that was read is where it belongs. */
export function succeeded(restore: RestoreReport, comparison?: ComparisonReport): boolean {
  const done = restore.stop === undefined && restore.failed === 0 && restore.untried === 0;
  return done && (comparison === undefined || agrees(comparison));
}

const number = (value: number): string => value.toLocaleString('en');

/** A restore or migration in numbers, for a person. */
export function restoreText(
  restore: RestoreReport,
  comparison: ComparisonReport | undefined,
  dryRun: boolean,
): string {
  const rows = [
    [dryRun ? 'would be restored' : 'restored', number(restore.restored)],
    ['left alone (key exists)', number(restore.existing)],
    ['left out (expired)', number(restore.expired)],
    ['refused by the server', number(restore.failed)],
    ...Object.entries(restore.leftOut).map(([reason, keys]) => [`left out (${reason})`, number(keys)]),
    ...(restore.untried > 0
      ? [[restore.untriedAtMost ? 'not written (at most)' : 'not written', number(restore.untried)]]
      : []),
    ...(restore.restarts > 0
      ? [['written anew, for another server process answered', number(restore.restarts)]]
      : []),
    ...(restore.reconnects > 0 ? [['connections lost and remade', number(restore.reconnects)]] : []),
    ...(comparison === undefined ? [] : comparisonRows(comparison)),
  ];
  return [
    table(undefined, rows, [1]),
    ...restore.failures.map(({ key, reason }) => `  ${key}: ${reason}`),
    ...(comparison?.differences ?? []).map(({ key, difference }) => `  ${key}: ${difference}`),
    ...evictionWarning(restore),
    ...(restore.stop === undefined ? [] : [`Stopped: ${restore.stop.message}`]),
  ].join('\n');
}

function comparisonRows(comparison: ComparisonReport): string[][] {
  return [
    ['compared: same', number(comparison.same)],
    ['compared: missing', number(comparison.missing)],
    ['compared: another value', number(comparison.differentValue)],
    ['compared: another expiry', number(comparison.differentExpiry)],
    ['compared: expired meanwhile', number(comparison.expired)],
    ...(comparison.leftOut > 0 ? [['not compared (left out)', number(comparison.leftOut)]] : []),
  ];
}

function evictionWarning({ evicted = 0 }: RestoreReport): string[] {
  if (evicted === 0) return [];
  return [
    `The target evicted ${number(evicted)} keys meanwhile to make room: its memory is too small for all of this.`,
  ];
}
