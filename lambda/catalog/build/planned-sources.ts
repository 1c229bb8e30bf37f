import type { CodeRecord } from '../../codes/record';
import type { CodeType } from '../../names/code-types';
import { InvalidRequest } from '../../names/errors';
import { applyAddenda, isAddenda } from '../import/addenda';
import { type CodeSource, openCodeSources } from '../import/code-source';
import { type DatedSource, editionDayOf } from '../import/edition-day';
import { ImportError } from '../import/import-error';
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
    if (type === 'hcpcs' && from === undefined) {
      for (const each of sources) planned.push(await readByRecords(step, each));
      continue;
    }
    planned.push({
      from,
      amends: false,
      read: async () => ({ records: (await readAll(step, type, sources, from)).records }),
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

/** A file's edition, of the day on which its latest change came into force. */
async function readByRecords(step: BuildStep, source: CodeSource): Promise<PlannedEdition> {
  const { records, latest } = await readAll(step, 'hcpcs', [source], undefined);
  return { from: latest, amends: false, read: () => Promise.resolve({ records }) };
}

async function readAll(
  step: BuildStep,
  type: CodeType,
  sources: readonly CodeSource[],
  from: string | undefined,
): Promise<{ records: Map<string, CodeRecord>; latest: string | undefined }> {
  const records = new Map<string, CodeRecord>();
  let latest: string | undefined;
  for (const source of sources) {
    const [{ name }] = source.files;
    let rows = 0;
    for await (const { line, record, effective } of source.read(
      step.bad,
      progressOf(step, name, sizeOf(source.files)),
    )) {
      if (records.has(record.code)) {
        step.bad.reject(name, line, `code ${record.code} stands in the sources twice`);
        continue;
      }
      records.set(record.code, record);
      rows += 1;
      if (effective !== undefined && (latest === undefined || effective > latest)) latest = effective;
    }
    recordSources(step, type, { ...source, from: from ?? latest }, rows);
  }
  return { records, latest };
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** The day of a file that comes with the codes of a year, such as notes. */
export function dayOfCompanion({ path, from }: DatedSource): string | undefined {
  return from ?? editionDayOf('icd10', nameOf(path));
}
