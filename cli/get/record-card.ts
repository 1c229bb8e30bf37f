import type { DatedRecord } from '../../lambda/codes/dated-record';
import type { NoteKind } from '../../lambda/codes/record';
import { CODE_SYSTEMS } from '../../lambda/codes/systems';

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

/** A record as a person reads it. */
export function describeRecord(record: DatedRecord): string {
  const { type, code, description, shortDescription, category, replacedBy = [], states = [] } = record;
  const lines = [
    `${code}  ${CODE_SYSTEMS[type].name}, ${standing(record)}`,
    description,
    ...(shortDescription === description ? [] : [`(${shortDescription})`]),
    `category ${category}`,
  ];
  if (record.validFrom !== null || record.validTo !== null) lines.push(`valid ${daysOf(record)}`);
  if (replacedBy.length > 0) lines.push(`replaced by ${replacedBy.join(', ')}`);
  if (states.length > 0) {
    lines.push('', 'History');
    for (const state of states) {
      lines.push(`  ${daysOf(state)}: ${state.billable ? 'billable' : 'header'}, ${state.description}`);
    }
  }
  for (const [kind, title] of Object.entries(NOTE_TITLES)) {
    const notes = Object.entries(record.notes ?? {}).find(([name]) => name === kind)?.[1] ?? [];
    if (notes.length > 0) lines.push('', title, ...notes.map((note) => `  - ${note}`));
  }
  return lines.join('\n');
}

function standing({ billable, status, validFrom, validTo }: DatedRecord): string {
  if (status === 'ended') return `ended ${validTo ?? ''}, not billable`;
  if (status === 'future') return `from ${validFrom ?? ''} on, not billable yet`;
  return billable ? 'billable' : 'header code, not billable';
}

function daysOf({ validFrom, validTo }: Pick<DatedRecord, 'validFrom' | 'validTo'>): string {
  return `${validFrom ?? '…'} to ${validTo ?? 'further notice'}`;
}
