import type { CodeSystemDiff } from '../../lambda/catalog/diff/code-changes';
import type { LinkChanges } from '../../lambda/catalog/diff/link-changes';
import type { CatalogDiff } from '../../lambda/catalog/diff/release-diff';
import { CODE_TYPES } from '../../lambda/names/code-types';

/** What changed, and its text before and after. */
type Change = readonly [code: string, change: string, before: string, after: string];

const HEADER = ['system', 'code', 'change', 'before', 'after'];

/** A comparison as CSV (RFC 4180, lines end in LF): a row per change, named as the member of the JSON document. */
export function diffCsv({ types, crosswalk }: CatalogDiff): string {
  const rows: (readonly string[])[] = [HEADER];
  for (const type of CODE_TYPES) {
    const diff = types[type];
    if (diff !== undefined) for (const change of codeRows(diff)) rows.push([type, ...change]);
  }
  for (const changes of crosswalk?.changes ?? []) {
    for (const change of linkRows(changes)) rows.push(['crosswalk', ...change]);
  }
  return rows.map((row) => row.map(cell).join(',')).join('\n');
}

function* codeRows(diff: CodeSystemDiff): Generator<Change> {
  for (const { code, description } of diff.added) yield [code, 'added', '', description];
  for (const { code, description, lastDay, replacedBy } of diff.ended) {
    yield [code, 'ended', description, lastDay ?? ''];
    yield* replacement(code, replacedBy);
  }
  for (const { code, before, after } of diff.revised) yield [code, 'revised', before, after];
  for (const { code, before, after } of diff.shortRevised) yield [code, 'shortRevised', before, after];
  for (const { code, replacedBy } of diff.turnedHeader) {
    yield [code, 'turnedHeader', 'billable', 'header'];
    yield* replacement(code, replacedBy);
  }
  for (const { code } of diff.turnedBillable) yield [code, 'turnedBillable', 'header', 'billable'];
  for (const { code, changes } of diff.notes) {
    for (const { kind, removed, added } of changes) {
      for (const text of removed) yield [code, `notes.${kind}`, text, ''];
      for (const text of added) yield [code, `notes.${kind}`, '', text];
    }
  }
  for (const code of diff.otherwiseChanged) yield [code, 'otherwiseChanged', '', ''];
}

/** The codes to use instead, with blanks between. */
function* replacement(code: string, replacedBy: readonly string[]): Generator<Change> {
  if (replacedBy.length > 0) yield [code, 'replacedBy', '', replacedBy.join(' ')];
}

function* linkRows({
  icd10,
  added,
  removed,
  relationshipChanged,
  sourcesChanged,
}: LinkChanges): Generator<Change> {
  for (const { cpt, relationship } of removed) yield [icd10, 'removed', `${cpt} ${relationship}`, ''];
  for (const { cpt, relationship } of added) yield [icd10, 'added', '', `${cpt} ${relationship}`];
  for (const { cpt, before, after } of relationshipChanged) {
    yield [icd10, 'relationshipChanged', `${cpt} ${before}`, `${cpt} ${after}`];
  }
  for (const cpt of sourcesChanged) yield [icd10, 'sourcesChanged', cpt, cpt];
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
