import type { CodeRecord } from '../../codes/record';
import { diagnosisIn } from './imported-links';
import type { BadLines } from './import-error';
import type { Conversion } from './conversion-table';
import type { OnBytes, SourceFile } from './source-file';

/** `Add:`, then perhaps the order number; code and flag in either order; short and long description. */
const LINE =
  /^\s*(Add|Delete|Revise from|Revise to):\s*(?:\d{5}\s+)?(?:([01])\s+([A-Z][0-9A-Z.]{2,7})|([A-Z][0-9A-Z.]{2,7})\s+([01]))\s+(\S.*)$/;

/** Longest short description of the official files, which fill it up with blanks to that length. */
const SHORT_LENGTH = 60;

/** Whether a file's first lines are an ICD-10-CM addendum. */
export function isAddenda(head: readonly string[]): boolean {
  return head.some((line) => LINE.test(line));
}

interface Change {
  readonly kind: 'Add' | 'Delete' | 'Revise from' | 'Revise to';
  readonly record: CodeRecord;
}

/** An edition made from the one before it. */
export interface Amended {
  readonly records: Map<string, CodeRecord>;
  /** What takes the place of codes that the addendum deletes, or turns header. */
  readonly conversions: Conversion[];
  readonly changes: number;
}

/**
 * Applies CDC's addendum to the order file: `Add:`, `Delete:`, `Revise from:` and `Revise to:`. A code that turns header is
 * deleted as billable and added as header.
 */
export async function applyAddenda(
  source: SourceFile,
  before: ReadonlyMap<string, CodeRecord>,
  from: string,
  bad: BadLines,
  onBytes?: OnBytes,
): Promise<Amended> {
  const records = new Map(before);
  const deleted = new Set<string>();
  const added: string[] = [];
  const conversions: Conversion[] = [];
  let changes = 0;
  let revised: { readonly code: string; readonly line: number } | undefined;
  const leave = (): void => {
    if (revised === undefined) return;
    bad.reject(source.name, revised.line, 'no "Revise to:" follows it');
    revised = undefined;
  };
  for await (const { number, text } of source.lines(onBytes)) {
    const change = changeIn(text);
    if (change === undefined) {
      // Titles and blank lines stand between the changes.
      if (/^\s*(Add|Delete|Revise)\b.*:/.test(text))
        bad.reject(source.name, number, 'it is not a change of a code');
      continue;
    }
    const { kind, record } = change;
    if (kind !== 'Revise to') leave();
    const problem = problemOf(change, records, revised?.code);
    if (problem !== undefined) {
      bad.reject(source.name, number, problem);
      continue;
    }
    changes += 1;
    switch (kind) {
      case 'Add':
        records.set(record.code, record);
        if (record.billable) added.push(record.code);
        break;
      case 'Delete':
        if (record.billable) deleted.add(record.code);
        records.delete(record.code);
        break;
      case 'Revise from':
        revised = { code: record.code, line: number };
        break;
      case 'Revise to':
        if (revised !== undefined && revised.code !== record.code) {
          records.delete(revised.code);
          conversions.push({ previous: revised.code, code: record.code, from });
        }
        records.set(record.code, record);
        revised = undefined;
    }
  }
  leave();
  for (const previous of deleted) {
    for (const code of added) {
      if (code !== previous && code.startsWith(previous)) conversions.push({ previous, code, from });
    }
  }
  return { records: inTabularOrder(before, records), conversions, changes };
}

/** Codes of before where they stood; a new one within its category in front of the first that is greater. */
function inTabularOrder(
  before: ReadonlyMap<string, CodeRecord>,
  records: ReadonlyMap<string, CodeRecord>,
): Map<string, CodeRecord> {
  const categories = Map.groupBy(before.keys(), (code) => code.slice(0, 3));
  for (const code of [...records.keys()].filter((each) => !before.has(each)).sort()) {
    const category = categories.get(code.slice(0, 3)) ?? [];
    categories.set(code.slice(0, 3), category);
    const place = category.findIndex((each) => each > code);
    category.splice(place === -1 ? category.length : place, 0, code);
  }
  const ordered = new Map<string, CodeRecord>();
  for (const code of [...categories.values()].flat()) {
    const record = records.get(code);
    if (record !== undefined) ordered.set(code, record);
  }
  return ordered;
}

function problemOf(
  { kind, record: { code, description, billable } }: Change,
  records: ReadonlyMap<string, CodeRecord>,
  revised: string | undefined,
): string | undefined {
  const known = records.get(code);
  if (kind === 'Revise to' && revised === undefined) return 'no "Revise from:" stands before it';
  if (kind === 'Add' || (kind === 'Revise to' && code !== revised)) {
    return known && `it adds ${code}, which is there already`;
  }
  if (known === undefined) return `it changes ${code}, which the edition before does not have`;
  if (kind === 'Revise to') return undefined;
  if (known.billable !== billable) {
    return `${code} is ${known.billable ? 'billable' : 'a header'} in the edition before`;
  }
  return known.description === description
    ? undefined
    : `${code} reads differently in the edition before: ${JSON.stringify(known.description)}`;
}

function changeIn(line: string): Change | undefined {
  const [, kind, flagBefore, codeAfter, codeBefore, flagAfter, texts = ''] = LINE.exec(line) ?? [];
  const code = diagnosisIn(codeAfter ?? codeBefore ?? '');
  if (code === undefined || !isKind(kind)) return undefined;
  const [short, long] = descriptions(texts.trimEnd());
  return {
    kind,
    record: {
      type: 'icd10',
      code,
      description: long,
      shortDescription: short,
      category: code.slice(0, 3),
      billable: (flagBefore ?? flagAfter) === '1',
    },
  };
}

function isKind(text: string | undefined): text is Change['kind'] {
  return text === 'Add' || text === 'Delete' || text === 'Revise from' || text === 'Revise to';
}

/** Short and long description: in columns, or with two blanks or more between them, or one for both. */
function descriptions(texts: string): [short: string, long: string] {
  const inColumns = [texts.slice(0, SHORT_LENGTH).trim(), texts.slice(SHORT_LENGTH).trim()];
  const [short = texts, long = short] = inColumns[1] === '' ? texts.split(/\s{2,}/) : inColumns;
  return [short, long];
}
