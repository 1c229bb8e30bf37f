import { csvHeader, readCsv } from './csv-rows';
import type { BadLines } from './import-error';
import { diagnosisIn, type ImportedLinks, type ImportedGroup, procedureIn } from './imported-links';
import type { OnBytes, SourceFile } from './source-file';

const COLUMNS = { required: ['icd10', 'cpt'], optional: ['relationship', 'source'] } as const;

/** What a row without a relationship says. */
const DEFAULT_RELATIONSHIP = 'related';

/** Whether a file's first line is the header `icd10,cpt[,relationship][,source]`, in any order. */
export function isCrosswalkCsv(head: readonly string[]): boolean {
  const header = csvHeader(head);
  return COLUMNS.required.every((column) => header.includes(column));
}

/** Links from `icd10,cpt[,relationship][,source]`; the procedure may be a HCPCS code. */
export async function* readCrosswalkCsv(
  source: SourceFile,
  bad: BadLines,
  onBytes?: OnBytes,
): AsyncGenerator<ImportedLinks> {
  const groups = new Map<string, ImportedGroup>();
  for await (const { line, cells } of readCsv(source, COLUMNS, bad, onBytes)) {
    const icd10 = diagnosisIn(cells.icd10 ?? '');
    const procedure = procedureIn(cells.cpt ?? '');
    if (icd10 === undefined) {
      bad.reject(source.name, line, `${JSON.stringify(cells.icd10)} is not an ICD-10-CM code`);
      continue;
    }
    if (procedure === undefined) {
      bad.reject(source.name, line, `${JSON.stringify(cells.cpt)} is neither a CPT nor a HCPCS code`);
      continue;
    }
    const relationship = cells.relationship ?? DEFAULT_RELATIONSHIP;
    const key = JSON.stringify([procedure, relationship, cells.source]);
    let group = groups.get(key);
    if (group === undefined) {
      group = { procedures: [procedure], relationship, source: cells.source, once: true };
      groups.set(key, group);
    }
    yield { file: source.name, line, icd10, group };
  }
}
