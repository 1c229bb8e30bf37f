import type { CodeRecord } from '../../codes/record';
import { CODE_SYSTEMS, type CodeType } from '../../codes/systems';
import { type BadLines, ImportError } from './import-error';
import { isOrderFile, readOrderFile } from './order-file';
import { type OnBytes, SourceFile } from './source-file';

/** A record with the line it came from. */
export interface ImportedRecord {
  line: number;
  record: CodeRecord;
}

/** Files that together give the records of one code system. */
export interface CodeSource {
  /** What the files were recognised as. */
  readonly format: string;
  /** The file whose lines are counted, and those that only add texts to it. */
  readonly files: readonly [SourceFile, ...SourceFile[]];
  read(bad: BadLines, onBytes: OnBytes): AsyncGenerator<ImportedRecord>;
}

/**
 * Opens the files given for a code system and recognises their formats by content.
 * @throws ImportError for a file that is none of the system's formats
 */
export async function openCodeSources(type: CodeType, paths: readonly string[]): Promise<CodeSource[]> {
  const sources: CodeSource[] = [];
  for (const path of paths) {
    const file = await SourceFile.open(path);
    const head = await file.head();
    if (type === 'icd10' && isOrderFile(head)) {
      sources.push({
        format: 'icd10cm-order',
        files: [file],
        read: (bad, onBytes) => readOrderFile(file, bad, onBytes),
      });
    } else {
      throw new ImportError(
        file.name,
        undefined,
        `it is no ${CODE_SYSTEMS[type].name} file of a known format`,
        'Check the file.',
      );
    }
  }
  return sources;
}
