import type { CodeRecord, NoteKind } from '../../lambda/codes/record';
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
export function describeRecord(record: CodeRecord): string {
  const { type, code, description, shortDescription, category, billable, validFrom, validTo } = record;
  const lines = [
    `${code}  ${CODE_SYSTEMS[type].name}, ${billable ? 'billable' : 'header code, not billable'}`,
    description,
    ...(shortDescription === description ? [] : [`(${shortDescription})`]),
    `category ${category}`,
  ];
  if (validFrom !== undefined || validTo !== undefined) {
    lines.push(`valid ${validFrom ?? '…'} to ${validTo ?? 'further notice'}`);
  }
  for (const [kind, title] of Object.entries(NOTE_TITLES)) {
    const notes = Object.entries(record.notes ?? {}).find(([name]) => name === kind)?.[1] ?? [];
    if (notes.length > 0) lines.push('', title, ...notes.map((note) => `  - ${note}`));
  }
  return lines.join('\n');
}
