import { csvHeader, readCsv } from './csv-rows';
import type { BadLines } from './import-error';
import { diagnosisIn, type ImportedLinks, type ImportedGroup, procedureIn } from './imported-links';
import type { OnBytes, SourceFile } from './source-file';

const ARTICLE = ['article_id', 'article_version'] as const;
const COVERED = { required: [...ARTICLE, 'icd10_code_id'], optional: [] } as const;
const PROCEDURES = { required: [...ARTICLE, 'hcpc_code_id'], optional: [] } as const;

/** What a coverage article says of its diagnoses and procedures. */
const RELATIONSHIP = 'covered';

/** Articles say "Not Applicable" by this code, which is neither a diagnosis nor a procedure. */
const NOT_APPLICABLE = 'XX000';

/** Whether a file's first line is that of the Medicare Coverage Database's `article_x_icd10_covered.csv`. */
export function isCoveredFile(head: readonly string[]): boolean {
  const header = csvHeader(head);
  return COVERED.required.every((column) => header.includes(column));
}

/** Whether a file's first line is that of the Medicare Coverage Database's `article_x_hcpc_code.csv`. */
export function isProcedureFile(head: readonly string[]): boolean {
  const header = csvHeader(head);
  return PROCEDURES.required.every((column) => header.includes(column));
}

/**
 * Links from CMS's coverage articles: every diagnosis that a version of an article covers goes with every
 * procedure of that version. The source of a link is `article:<id>v<version>`.
 */
export async function* readArticles(
  covered: SourceFile,
  procedures: SourceFile,
  bad: BadLines,
  onBytes: OnBytes,
  warn: (text: string) => void,
): AsyncGenerator<ImportedLinks> {
  const articles = await readProcedures(procedures, bad, onBytes);
  const without = new Set<string>();
  let notApplicable = 0;
  const onCoveredBytes: OnBytes = (bytes) => onBytes(procedures.size + bytes);
  for await (const { line, cells } of readCsv(covered, COVERED, bad, onCoveredBytes)) {
    const text = cells.icd10_code_id ?? '';
    if (text.toUpperCase() === NOT_APPLICABLE) {
      notApplicable += 1;
      continue;
    }
    const icd10 = diagnosisIn(text);
    if (icd10 === undefined) {
      bad.reject(covered.name, line, `${JSON.stringify(text)} is not an ICD-10-CM code`);
      continue;
    }
    const article = articleOf(cells);
    const group = articles.get(article);
    if (group === undefined) without.add(article);
    else yield { file: covered.name, line, icd10, group };
  }
  if (without.size > 0) {
    warn(`${covered.name}: ${without.size} articles list no procedure, so their diagnoses give no link.`);
  }
  if (notApplicable > 0) {
    warn(`${covered.name}: ${notApplicable} lines say ${NOT_APPLICABLE} (not applicable) and give no link.`);
  }
}

async function readProcedures(
  source: SourceFile,
  bad: BadLines,
  onBytes: OnBytes,
): Promise<Map<string, ImportedGroup>> {
  const articles = new Map<string, ImportedGroup>();
  for await (const { line, cells } of readCsv(source, PROCEDURES, bad, onBytes)) {
    const text = cells.hcpc_code_id ?? '';
    if (text.toUpperCase() === NOT_APPLICABLE) continue;
    const procedure = procedureIn(text);
    if (procedure === undefined) {
      bad.reject(source.name, line, `${JSON.stringify(text)} is neither a CPT nor a HCPCS code`);
      continue;
    }
    const article = articleOf(cells);
    const known = articles.get(article);
    if (known === undefined) {
      articles.set(article, {
        procedures: [procedure],
        relationship: RELATIONSHIP,
        source: article,
        once: false,
      });
    } else {
      known.procedures.push(procedure);
    }
  }
  return articles;
}

function articleOf(cells: Partial<Record<(typeof ARTICLE)[number], string>>): string {
  return `article:${cells.article_id ?? ''}v${cells.article_version ?? ''}`;
}
