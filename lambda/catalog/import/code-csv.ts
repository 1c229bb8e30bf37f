import type { CodeRecord } from '../../codes/record';
import { parseCode } from '../../codes/parse';
import { CODE_SYSTEMS } from '../../codes/systems';
import { type CodeType } from '../../names/code-types';
import { InvalidCode } from '../../names/errors';
import { csvHeader, readCsv } from './csv-rows';
import type { BadLines } from './import-error';
import type { ImportedRecord } from './imported-record';
import type { OnBytes, SourceFile } from './source-file';

const COLUMNS = { required: ['code', 'short', 'long'], optional: ['billable'] } as const;

const BILLABLE: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  '1': true,
  false: false,
  no: false,
  n: false,
  '0': false,
};

/** Whether a file's first line is the header `code,short,long[,billable]`, in any order. */
export function isCodeCsv(head: readonly string[]): boolean {
  const header = csvHeader(head);
  return COLUMNS.required.every((column) => header.includes(column));
}

/**
 * Records of a code system from `code,short,long[,billable]`. Codes may be spelt as users spell them
 * (`z0000`); a code without `billable` is billable.
 */
export async function* readCodeCsv(
  type: CodeType,
  source: SourceFile,
  bad: BadLines,
  onBytes?: OnBytes,
): AsyncGenerator<ImportedRecord> {
  for await (const { line, cells } of readCsv(source, COLUMNS, bad, onBytes)) {
    const { code: cell = '', short = '', long = '', billable = 'true' } = cells;
    const isBillable = BILLABLE[billable.toLowerCase()];
    const record = isBillable === undefined ? undefined : recordOf(type, cell, short, long, isBillable);
    if (record === undefined) {
      bad.reject(source.name, line, `billable is ${JSON.stringify(billable)}`, 'Write true or false');
    } else if (typeof record === 'string') {
      bad.reject(source.name, line, record);
    } else {
      yield { line, record };
    }
  }
}

/** The record, or what is wrong with its code. */
function recordOf(
  type: CodeType,
  cell: string,
  shortDescription: string,
  description: string,
  billable: boolean,
): CodeRecord | string {
  try {
    const code = parseCode(type, cell);
    const category = CODE_SYSTEMS[type].category(code);
    if (category === undefined) return `${code} lies in no section of ${CODE_SYSTEMS[type].name}`;
    return { type, code, description, shortDescription, category, billable };
  } catch (error) {
    if (error instanceof InvalidCode) return error.message.replace(/\.$/, '');
    throw error;
  }
}
