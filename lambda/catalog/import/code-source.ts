import { CODE_SYSTEMS } from '../../codes/systems';
import { type CodeType } from '../../names/code-types';
import { isAmaFile, readAmaFiles } from './ama-files';
import { isCodeCsv, readCodeCsv } from './code-csv';
import { isHcpcsFile, readHcpcsFile } from './hcpcs-file';
import { type BadLines, ImportError } from './import-error';
import type { ImportedRecord } from './imported-record';
import { isOrderFile, readOrderFile } from './order-file';
import { type OnBytes, SourceFile } from './source-file';

/** Files that together give records of one code system. */
export interface CodeSource {
  /** What the files were recognised as. */
  readonly format: string;
  readonly files: readonly [SourceFile, ...SourceFile[]];
  read(bad: BadLines, onBytes: OnBytes): AsyncGenerator<ImportedRecord>;
}

/** What a code system's own official format is called, how it is recognised, and in words. */
const OFFICIAL = {
  icd10: {
    format: 'icd10cm-order',
    matches: isOrderFile,
    words: 'an ICD-10-CM order file (icd10cm_order_YYYY.txt)',
  },
  hcpcs: { format: 'hcpcs-contractor', matches: isHcpcsFile, words: 'a HCPCS 320-byte contractor file' },
  cpt: {
    format: 'ama-descriptors',
    matches: isAmaFile,
    words: "the AMA's LONGULT.TXT (with MEDULT.TXT, SHORTULT.TXT)",
  },
} as const;

/**
 * Opens the files given for a code system and recognises each by its content: the system's official format
 * or CSV. The AMA's files belong together and make one source.
 * @throws ImportError for a file that is neither
 */
export async function openCodeSources(type: CodeType, paths: readonly string[]): Promise<CodeSource[]> {
  const sources: CodeSource[] = [];
  const official: SourceFile[] = [];
  for (const path of paths) {
    const file = await SourceFile.open(path);
    const head = await file.head();
    if (isCodeCsv(head)) sources.push(csvSource(type, file));
    else if (OFFICIAL[type].matches(head)) official.push(file);
    else throw unrecognised(type, file);
  }
  return [...officialSources(type, official), ...sources];
}

function csvSource(type: CodeType, file: SourceFile): CodeSource {
  return {
    format: 'codes-csv',
    files: [file],
    read: (bad, onBytes) => readCodeCsv(type, file, bad, onBytes),
  };
}

function officialSources(type: CodeType, files: readonly SourceFile[]): CodeSource[] {
  const { format } = OFFICIAL[type];
  if (type === 'cpt') {
    const [first, ...rest] = files;
    if (first === undefined) return [];
    return [{ format, files: [first, ...rest], read: (bad, onBytes) => readAmaFiles(files, bad, onBytes) }];
  }
  const reader = type === 'icd10' ? readOrderFile : readHcpcsFile;
  return files.map((file) => ({ format, files: [file], read: (bad, onBytes) => reader(file, bad, onBytes) }));
}

function unrecognised(type: CodeType, file: SourceFile): ImportError {
  return new ImportError(
    file.name,
    undefined,
    `it is not recognised as ${CODE_SYSTEMS[type].name} codes`,
    `Give ${OFFICIAL[type].words}, or CSV with the header code,short,long[,billable].`,
  );
}
