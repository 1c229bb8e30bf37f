import type { CodeRecord } from '../../codes/record';
import type { CodeType } from '../../names/code-types';
import { InvalidRequest } from '../../names/errors';
import { applyAddenda, isAddenda } from '../import/addenda';
import { type CodeSource, openCodeSources } from '../import/code-source';
import { type DatedSource, editionDayOf } from '../import/edition-day';
import { ImportError } from '../import/import-error';
import type { ImportedRecord } from '../import/imported-record';
import { SourceFile } from '../import/source-file';
import { type BuildStep, progressOf, recordSources, sizeOf } from './build-step';
import type { PlannedEdition } from './editions';

/**
 * The editions that files give: those of one day make one. HCPCS files are read at once, since their records tell the day.
 */
export async function plannedEditions(step: BuildStep, type: CodeType): Promise<PlannedEdition[]> {
  const byDay = Map.groupBy(step.sources[type], ({ path, from }) => from ?? editionDayOf(type, nameOf(path)));
  const planned: PlannedEdition[] = [];
  for (const [from, files] of byDay) {
    const sources = await openCodeSources(
      type,
      files.map(({ path }) => path),
    );
    const read = async (): Promise<ReadRows[]> => {
      const all: ReadRows[] = [];
      for (const source of sources) all.push(await rowsOf(step, source));
      return all;
    };
    if (type === 'hcpcs' && from === undefined) planned.push(...byRecords(step, await read()));
    else
      planned.push({
        from,
        amends: false,
        read: async () => ({ records: together(step, type, from, await read()) }),
      });
  }
  return planned;
}

/** The editions that addenda make of the ones before them. */
export async function plannedAddenda(step: BuildStep): Promise<PlannedEdition[]> {
  const planned: PlannedEdition[] = [];
  for (const { path, from = editionDayOf('icd10', nameOf(path)) } of step.sources.icd10Addenda) {
    const file = await SourceFile.open(path);
    if (from === undefined) {
      throw new InvalidRequest(
        'icd10-addenda',
        `Nobody tells the first day of ${file.name}. Write --icd10-addenda DATE=FILE, such as 2026-04-01.`,
      );
    }
    if (!isAddenda(await file.head())) {
      throw new ImportError(
        file.name,
        undefined,
        'it is not recognised as an ICD-10-CM addendum',
        'Give the addenda of the order file, with lines that begin with Add:, Delete:, Revise from: or Revise to:.',
      );
    }
    planned.push({
      from,
      amends: true,
      read: async (before) => {
        const onBytes = progressOf(step, file.name, file.size);
        const amended = await applyAddenda(file, before, from, step.bad, onBytes);
        recordSources(
          step,
          'icd10-addenda',
          { format: 'icd10cm-addenda', files: [file], from },
          amended.changes,
        );
        return amended;
      },
    });
  }
  return planned;
}

/** What a source gave, and when the latest change that it tells came into force. */
interface ReadRows {
  readonly source: CodeSource;
  readonly rows: readonly ImportedRecord[];
  readonly latest: string | undefined;
}

async function rowsOf(step: BuildStep, source: CodeSource): Promise<ReadRows> {
  const rows: ImportedRecord[] = [];
  let latest: string | undefined;
  const onBytes = progressOf(step, source.files[0].name, sizeOf(source.files));
  for await (const row of source.read(step.bad, onBytes)) {
    rows.push(row);
    const { effective } = row;
    if (effective !== undefined && (latest === undefined || effective > latest)) latest = effective;
  }
  return { source, rows, latest };
}

/** Editions of the days on which the files' latest changes came into force. */
function byRecords(step: BuildStep, read: readonly ReadRows[]): PlannedEdition[] {
  const byDay = Map.groupBy(read, ({ latest }) => latest);
  return [...byDay].map(([from, files]) => {
    const records = together(step, 'hcpcs', from, files);
    return { from, amends: false, read: () => Promise.resolve({ records }) };
  });
}

/** The records of one edition, of all its files. */
function together(
  step: BuildStep,
  type: CodeType,
  from: string | undefined,
  read: readonly ReadRows[],
): Map<string, CodeRecord> {
  const records = new Map<string, CodeRecord>();
  for (const { source, rows } of read) {
    const before = records.size;
    for (const { line, record } of rows) {
      if (!records.has(record.code)) records.set(record.code, record);
      else
        step.bad.reject(
          source.files[0].name,
          line,
          `code ${record.code} stands in the sources twice`,
          `Correct the line, give files of different editions their days (--${type} 2025-10-01=FILE)`,
        );
    }
    recordSources(step, type, { ...source, from }, records.size - before);
  }
  return records;
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The day of a file that comes with the codes of a year, such as notes. */
export function dayOfCompanion({ path, from }: DatedSource): string | undefined {
  return from ?? editionDayOf('icd10', nameOf(path));
}
