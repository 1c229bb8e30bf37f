import type { CodeRecord } from '../../codes/record';
import { InvalidRequest } from '../../names/errors';
import { ImportError } from '../import/import-error';
import { SourceFile } from '../import/source-file';
import { isTabularXml, readTabularNotes } from '../import/tabular-notes';
import { type BuildStep, progressOf, recordSources, some } from './build-step';
import type { NotesEdition } from './dated-notes';
import { dayOfCompanion } from './planned-sources';

/**
 * Reads the notes of the tabular lists, each with its first day; null where nobody tells it.
 * @throws InvalidRequest where two are of one day
 */
export async function readNotes(
  step: BuildStep,
  records: ReadonlyMap<string, CodeRecord>,
): Promise<NotesEdition[]> {
  const editions: NotesEdition[] = [];
  for (const source of step.sources.icd10Notes) {
    const from = dayOfCompanion(source) ?? null;
    if (editions.some((each) => each.from === from)) {
      throw new InvalidRequest(
        'icd10-notes',
        `Two files of notes are in force from ${from ?? 'the beginning'}. Write --icd10-notes DATE=FILE with the first day of each.`,
      );
    }
    editions.push({ from, notes: await readOne(step, source.path, from ?? undefined, records) });
  }
  return editions;
}

async function readOne(
  step: BuildStep,
  path: string,
  from: string | undefined,
  records: ReadonlyMap<string, CodeRecord>,
): Promise<NotesEdition['notes']> {
  const file = await SourceFile.open(path);
  if (!isTabularXml(await file.head())) {
    throw new ImportError(
      file.name,
      undefined,
      'it is not recognised as the ICD-10-CM tabular list',
      'Give the icd10cm_tabular_YYYY.xml of the same year as the order file.',
    );
  }
  const notes = await readTabularNotes(file, step.bad, progressOf(step, file.name, file.size));
  const unknown = [...notes.keys()].filter((code) => !records.has(code));
  recordSources(
    step,
    'icd10-notes',
    { format: 'icd10cm-tabular', files: [file], from },
    notes.size - unknown.length,
  );
  if (unknown.length > 0) {
    step.warnings.push(
      `${file.name}: notes of ${unknown.length} codes that the release does not have were left out (${some(unknown)}); are the two files of one year?`,
    );
  }
  return notes;
}
