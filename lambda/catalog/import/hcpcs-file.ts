import type { CodeRecord } from '../../codes/record';
import { CODE_SYSTEMS } from '../../codes/systems';
import type { BadLines } from './import-error';
import type { ImportedRecord } from './imported-record';
import type { OnBytes, SourceFile } from './source-file';

/**
 * Columns of the CMS HCPCS contractor file (320-byte record layout), as positions in a line. A description
 * longer than its 80 columns goes on in records of its own, which end after it.
 */
const COLUMNS = {
  code: [0, 5],
  kind: [10, 11],
  long: [11, 91],
  short: [91, 119],
  added: [268, 276],
  effective: [276, 284],
  terminated: [284, 292],
} as const;

/** The action code in column 293 is never blank, so a shorter line has lost its dates. */
const SHORTEST_FIRST_RECORD = 293;

/** Record identification codes, column 11 of the layout. */
const KIND = { procedure: '3', procedureContinued: '4', modifier: '7', modifierContinued: '8' } as const;

const field = (line: string, [from, to]: readonly [number, number]): string => line.slice(from, to).trim();

/** Whether a file's first lines are a HCPCS contractor file. */
export function isHcpcsFile(head: readonly string[]): boolean {
  const first = head.find((line) => line.trim() !== '');
  return first !== undefined && /^(?: {3}[0-9A-Z]{2}|[0-9A-Z]{5})\d{5}[3478]\S/.test(first);
}

/**
 * HCPCS Level II records in file order; modifiers are no codes and are passed over. `validFrom` is the date
 * the code was added: the layout's "action effective date" is that of its latest change, not of its start.
 * `validTo` is the layout's termination date, "last date for which a code may be used". Level II has no
 * header codes, so every code is billable within its dates.
 */
export async function* readHcpcsFile(
  source: SourceFile,
  bad: BadLines,
  onBytes?: OnBytes,
): AsyncGenerator<ImportedRecord> {
  let open: ImportedRecord | undefined;
  let last = '';
  for await (const { number, text } of source.lines(onBytes)) {
    if (text.trim() === '') continue;
    const kind = field(text, COLUMNS.kind);
    const code = field(text, COLUMNS.code);
    if (kind === KIND.procedureContinued) {
      if (code !== last)
        bad.reject(source.name, number, `it continues ${code}, which is not the code before it`);
      else if (open !== undefined) open.record.description += ` ${field(text, COLUMNS.long)}`;
      continue;
    }
    if (open !== undefined) yield open;
    open = undefined;
    last = code;
    if (kind === KIND.modifier || kind === KIND.modifierContinued) continue;
    const record =
      kind === KIND.procedure
        ? recordOf(code, text)
        : `record id ${JSON.stringify(kind)} in column 11 is none of 3, 4, 7, 8`;
    if (typeof record === 'string') bad.reject(source.name, number, record);
    else open = { line: number, ...record };
  }
  if (open !== undefined) yield open;
}

/** The record of a procedure's first line, or what is wrong with it. */
function recordOf(code: string, line: string): Omit<ImportedRecord, 'line'> | string {
  if (!CODE_SYSTEMS.hcpcs.format.test(code))
    return `${JSON.stringify(code)} in columns 1-5 is not a HCPCS code`;
  if (line.length < SHORTEST_FIRST_RECORD) {
    return `${code} is cut off after ${line.length} of at least ${SHORTEST_FIRST_RECORD} columns`;
  }
  const description = field(line, COLUMNS.long);
  const shortDescription = field(line, COLUMNS.short);
  if (description === '') return `${code} has no description in columns 12-91`;
  const added = isoDate(field(line, COLUMNS.added));
  const effective = isoDate(field(line, COLUMNS.effective));
  const validTo = isoDate(field(line, COLUMNS.terminated));
  if (added === 'invalid' || effective === 'invalid' || validTo === 'invalid') {
    return `${code} has a date in columns 269-292 that is no YYYYMMDD`;
  }
  const validFrom = added ?? effective;
  const record: CodeRecord = {
    type: 'hcpcs',
    code,
    description,
    shortDescription: shortDescription === '' ? description : shortDescription,
    category: code.slice(0, 1),
    billable: true,
    ...(validFrom !== undefined && { validFrom }),
    ...(validTo !== undefined && { validTo }),
  };
  return { record, effective };
}

/** `20160101` → `2016-01-01`; undefined for blanks or zeros. */
function isoDate(text: string): string | undefined {
  if (/^0*$/.test(text)) return undefined;
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (match === null) return 'invalid';
  const iso = match.slice(1).join('-');
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : 'invalid';
}
