import { CODE_SYSTEMS } from '../../codes/systems';
import type { CodeRecord } from '../../codes/record';
import type { BadLines } from './import-error';
import type { ImportedRecord } from './imported-record';
import type { OnBytes, SourceFile } from './source-file';

/**
 * Columns of `icd10cm_order_YYYY.txt` as positions in a line, from the file's own description by CDC/NCHS:
 * 1-5 order number, 7-13 code without its dot, 15 flag, 17-76 short description, 78 to the end the long
 * one, with a blank between the fields.
 */
const COLUMNS = {
  order: [0, 5],
  code: [6, 13],
  flag: [14, 15],
  short: [16, 76],
  long: [77, undefined],
} as const;
const BLANKS = [5, 13, 15, 76] as const;

const field = (line: string, [from, to]: readonly [number, number | undefined]): string =>
  line.slice(from, to).trim();

/** Whether a file's first lines are an ICD-10-CM order file. */
export function isOrderFile(head: readonly string[]): boolean {
  const first = head.find((line) => line.trim() !== '');
  return first !== undefined && /^\d{5} [A-Z][0-9A-Z]{2,6} +[01] \S/.test(first);
}

/**
 * ICD-10-CM records in file order, which is the official (tabular) order and not alphanumeric. Flag 1 is a
 * code valid on a claim, 0 a header.
 */
export async function* readOrderFile(
  source: SourceFile,
  bad: BadLines,
  onBytes?: OnBytes,
): AsyncGenerator<ImportedRecord> {
  for await (const { number, text } of source.lines(onBytes)) {
    if (text.trim() === '') continue;
    const parsed = parseLine(text);
    if (typeof parsed === 'string') bad.reject(source.name, number, parsed);
    else yield { line: number, record: parsed };
  }
}

/** The record of one line, or what is wrong with it. */
function parseLine(line: string): CodeRecord | string {
  const stray = BLANKS.find((position) => (line[position] ?? ' ') !== ' ');
  if (stray !== undefined)
    return `column ${stray + 1} is ${JSON.stringify(line[stray])}, not the blank between fields`;
  const order = field(line, COLUMNS.order);
  if (!/^\d{5}$/.test(order))
    return `order number ${JSON.stringify(order)} in columns 1-5 is not five digits`;
  const undotted = field(line, COLUMNS.code);
  const code = undotted.length > 3 ? `${undotted.slice(0, 3)}.${undotted.slice(3)}` : undotted;
  const system = CODE_SYSTEMS.icd10;
  if (!system.format.test(code)) {
    return `${JSON.stringify(undotted)} in columns 7-13 is not an ICD-10-CM code`;
  }
  const flag = field(line, COLUMNS.flag);
  if (flag !== '0' && flag !== '1') return `flag ${JSON.stringify(flag)} in column 15 is neither 0 nor 1`;
  const description = field(line, COLUMNS.long);
  const shortDescription = field(line, COLUMNS.short);
  if (description === '') return `${code} has no long description from column 78 on`;
  if (shortDescription === '') return `${code} has no short description in columns 17-76`;
  return {
    type: 'icd10',
    code,
    description,
    shortDescription,
    category: code.slice(0, 3),
    billable: flag === '1',
  };
}
