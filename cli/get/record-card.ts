import type { DatedRecord } from '../../lambda/codes/dated-record';
import type { NoteKind } from '../../lambda/codes/record';
import { CODE_SYSTEMS } from '../../lambda/codes/systems';
import { table } from '../terminal/table';

const NOTE_TITLES: Readonly<Record<NoteKind, string>> = {
  inclusionTerms: 'Inclusion terms',
  includes: 'Includes',
  excludes1: 'Excludes 1',
  excludes2: 'Excludes 2',
  codeFirst: 'Code first',
  codeAlso: 'Code also',
  useAdditionalCode: 'Use additional code',
  notes: 'Notes',
};

/**
 * A record as a person reads it.
 * @param on date that was named, if any
 */
export function describeRecord(record: DatedRecord, on?: string): string {
  const { type, code, description, shortDescription, category, replacedBy = [], states = [] } = record;
  const lines = [
    `${code}  ${CODE_SYSTEMS[type].name}, ${standing(record, on)}`,
    description,
    ...(shortDescription === description ? [] : [`(${shortDescription})`]),
    `category ${category}`,
  ];
  if (record.validFrom !== null || record.validTo !== null) lines.push(`in force ${daysOf(record)}`);
  if (replacedBy.length > 0) lines.push(`replaced by ${replacedBy.join(', ')}`);
  if (states.length > 0) lines.push('', 'History', ...historyOf(states));
  for (const [kind, title] of Object.entries(NOTE_TITLES)) {
    const notes = Object.entries(record.notes ?? {}).find(([name]) => name === kind)?.[1] ?? [];
    if (notes.length > 0) lines.push('', title, ...notes.map((note) => `  - ${note}`));
  }
  return lines.join('\n');
}

/** What the code is on the date; without one, today. */
function standing({ billable, status, validFrom, validTo }: DatedRecord, on: string | undefined): string {
  if (status === 'ended') return `ended ${validTo ?? ''}, not billable`;
  if (status === 'future') return `from ${validFrom ?? ''} on, not billable yet`;
  const when = on === undefined ? '' : ` on ${on}`;
  return (billable ? 'billable' : 'header code, not billable') + when;
}

/** A line per state. */
function historyOf(states: NonNullable<DatedRecord['states']>): string[] {
  const rows = states.map((state) => [
    daysOf(state),
    state.billable ? 'billable' : 'header',
    state.description,
  ]);
  return table(undefined, rows)
    .split('\n')
    .map((line) => `  ${line}`);
}

function daysOf({ validFrom, validTo }: Pick<DatedRecord, 'validFrom' | 'validTo'>): string {
  if (validFrom !== null) return validTo === null ? `from ${validFrom}` : `${validFrom} to ${validTo}`;
  return validTo === null ? 'on every date known' : `until ${validTo}`;
}
