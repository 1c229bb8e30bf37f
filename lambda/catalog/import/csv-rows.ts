import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type BadLines, ImportError } from './import-error';
import type { OnBytes, SourceFile } from './source-file';

/** A data row by column name; a column that the file does not have is undefined, as is an empty cell. */
export interface CsvRow<Column extends string> {
  line: number;
  cells: Partial<Record<Column, string>>;
}

/** Which columns an importer wants; others may be there and are left alone. */
export interface CsvColumns<Column extends string> {
  readonly required: readonly Column[];
  readonly optional: readonly Column[];
}

/** Column names of a CSV file's first line, in lower case; for recognising the format. */
export function csvHeader(head: readonly string[]): string[] {
  return (head[0] ?? '').split(',').map(columnName);
}

const columnName = (cell: string): string =>
  cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()
    .toLowerCase();

/**
 * Data rows of a CSV file with a header line (RFC 4180). A row with another number of fields than the header
 * is a bad line: a text with an unquoted comma would otherwise be cut in silence. Quotation marks that do not
 * fit leave it open where their row ends, so they stop the build whatever is to be skipped.
 * @throws ImportError for such marks, and where a required column is missing
 */
export async function* readCsv<Column extends string>(
  source: SourceFile,
  columns: CsvColumns<Column>,
  bad: BadLines,
  onBytes?: OnBytes,
  delimiter = ',',
): AsyncGenerator<CsvRow<Column>> {
  let header: Header<Column> | undefined;
  for await (const { line, fields } of records(source, onBytes, delimiter)) {
    if (header === undefined) {
      header = headerOf(source, fields, columns);
      continue;
    }
    const { width, positions } = header;
    if (fields.length !== width) {
      bad.reject(
        source.name,
        line,
        `it has ${fields.length} fields where the header has ${width}`,
        'Quote texts that contain commas',
      );
      continue;
    }
    const cells: Partial<Record<Column, string>> = {};
    for (const [column, position] of positions) {
      const cell = fields[position] ?? '';
      if (cell !== '') cells[column] = cell;
    }
    const empty = columns.required.find((column) => cells[column] === undefined);
    if (empty === undefined) yield { line, cells };
    else bad.reject(source.name, line, `its ${empty} is empty`);
  }
}

interface Header<Column extends string> {
  width: number;
  positions: readonly (readonly [column: Column, position: number])[];
}

function headerOf<Column extends string>(
  source: SourceFile,
  fields: readonly string[],
  columns: CsvColumns<Column>,
): Header<Column> {
  const names = fields.map(columnName);
  const missing = columns.required.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new ImportError(
      source.name,
      1,
      `it has no column ${missing.join(', ')}`,
      'Name the columns in its first line.',
    );
  }
  const wanted = [...columns.required, ...columns.optional].filter((column) => names.includes(column));
  return { width: names.length, positions: wanted.map((column) => [column, names.indexOf(column)]) };
}

async function* records(
  source: SourceFile,
  onBytes: OnBytes | undefined,
  delimiter: string,
): AsyncGenerator<{ line: number; fields: string[] }> {
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  const text = async function* (): AsyncGenerator<string> {
    for await (const line of source.lines(onBytes)) yield `${line.text}\n`;
  };
  const input = Readable.from(text());
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const entry of parser) {
      const record = recordOf(entry);
      if (record !== undefined) yield record;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : undefined;
    const reason =
      error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quotation mark before this line is never closed'
        : 'its quotation marks do not fit';
    throw new ImportError(source.name, line, reason, 'Double quotation marks inside a quoted text.', {
      cause: error,
    });
  } finally {
    input.destroy();
    parser.destroy();
  }
}

function recordOf(entry: unknown): { line: number; fields: string[] } | undefined {
  if (typeof entry !== 'object' || entry === null || !('record' in entry) || !('info' in entry))
    return undefined;
  const { record, info } = entry;
  if (!Array.isArray(record) || typeof info !== 'object' || info === null || !('lines' in info))
    return undefined;
  return { line: Number(info.lines), fields: record.map(String) };
}
