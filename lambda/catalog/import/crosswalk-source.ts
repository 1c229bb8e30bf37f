import { isCrosswalkCsv, readCrosswalkCsv } from './crosswalk-csv';
import { type BadLines, ImportError } from './import-error';
import type { ImportedLinks } from './imported-links';
import { isCoveredFile, isProcedureFile, readArticles } from './mcd-articles';
import { type OnBytes, SourceFile } from './source-file';

/** Files that together give links between diagnoses and procedures. */
export interface CrosswalkSource {
  /** What the files were recognised as. */
  readonly format: string;
  /** The file whose lines are counted first. */
  readonly files: readonly [SourceFile, ...SourceFile[]];
  read(bad: BadLines, onBytes: OnBytes, warn: (text: string) => void): AsyncGenerator<ImportedLinks>;
}

/**
 * Opens crosswalk files and recognises each by its header: `icd10,cpt[,relationship][,source]`, or the two
 * files of CMS's coverage articles, which belong together.
 * @throws ImportError for a file that is neither, or one article file without the other
 */
export async function openCrosswalkSources(paths: readonly string[]): Promise<CrosswalkSource[]> {
  const sources: CrosswalkSource[] = [];
  const covered: SourceFile[] = [];
  const procedures: SourceFile[] = [];
  for (const path of paths) {
    const file = await SourceFile.open(path);
    const head = await file.head();
    if (isCrosswalkCsv(head)) sources.push(csvSource(file));
    else if (isCoveredFile(head)) covered.push(file);
    else if (isProcedureFile(head)) procedures.push(file);
    else throw unrecognised(file);
  }
  return [...sources, ...articleSource(covered, procedures)];
}

function csvSource(file: SourceFile): CrosswalkSource {
  return {
    format: 'crosswalk-csv',
    files: [file],
    read: (bad, onBytes) => readCrosswalkCsv(file, bad, onBytes),
  };
}

function articleSource(covered: SourceFile[], procedures: SourceFile[]): CrosswalkSource[] {
  const [diagnosisFile, secondDiagnosisFile] = covered;
  const [procedureFile, secondProcedureFile] = procedures;
  const either = diagnosisFile ?? procedureFile;
  if (either === undefined) return [];
  const extra = secondDiagnosisFile ?? secondProcedureFile;
  if (diagnosisFile === undefined || procedureFile === undefined || extra !== undefined) {
    throw new ImportError(
      (extra ?? either).name,
      undefined,
      'coverage articles come as one pair of files',
      'Give article_x_icd10_covered.csv and article_x_hcpc_code.csv of the same download, once each.',
    );
  }
  return [
    {
      format: 'mcd-articles',
      files: [diagnosisFile, procedureFile],
      read: (bad, onBytes, warn) => readArticles(diagnosisFile, procedureFile, bad, onBytes, warn),
    },
  ];
}

function unrecognised(file: SourceFile): ImportError {
  return new ImportError(
    file.name,
    undefined,
    'it is not recognised as a crosswalk',
    'Give CSV with the header icd10,cpt[,relationship][,source], or the article_x_icd10_covered.csv and article_x_hcpc_code.csv of the Medicare Coverage Database.',
  );
}
