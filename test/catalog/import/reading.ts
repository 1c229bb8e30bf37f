import { BadLines } from '../../../lambda/catalog/import/import-error';
import type { ImportedRecord } from '../../../lambda/catalog/import/imported-record';
import { openCodeSources } from '../../../lambda/catalog/import/code-source';
import type { CodeRecord } from '../../../lambda/codes/record';
import type { CodeType } from '../../../lambda/names/code-types';

/** Every record of files of one code system, as a build reads them. */
export async function recordsOf(
  type: CodeType,
  paths: readonly string[],
  bad = new BadLines(false),
): Promise<CodeRecord[]> {
  const records: ImportedRecord[] = [];
  for (const source of await openCodeSources(type, paths)) {
    for await (const record of source.read(bad, () => undefined)) records.push(record);
  }
  return records.map(({ record }) => record);
}
