import { CODE_SYSTEMS } from '../../codes/systems';
import { type CodeType } from '../../names/code-types';
import { type BuildStep, progressOf, recordSources, sizeOf, some, storeAll } from './build-step';
import { CodeShards } from './code-shards';
import { type CodeSource, openCodeSources } from '../import/code-source';
import { ImportError } from '../import/import-error';
import { SourceFile } from '../import/source-file';
import { isTabularXml, readTabularNotes } from '../import/tabular-notes';

/** Reads every source of a code system and stores its shards. */
export async function addCodes(step: BuildStep, type: CodeType): Promise<CodeShards | undefined> {
  const { sources } = step.request;
  if (sources[type].length === 0) return undefined;
  const shards = new CodeShards(type);
  for (const source of await openCodeSources(type, sources[type])) {
    const rows = await readCodes(step, shards, source);
    recordSources(step, source, rows);
  }
  if (type === 'icd10') await addNotes(step, shards);
  step.manifest.counts[type] = shards.counts;
  step.manifest.codesWithNotes += shards.codesWithNotes;
  await storeAll(step, CODE_SYSTEMS[type].name, shards.size, shards.objects(step.manifest.release));
  return shards;
}

async function readCodes(step: BuildStep, shards: CodeShards, source: CodeSource): Promise<number> {
  const [{ name }] = source.files;
  let rows = 0;
  for await (const { line, record } of source.read(step.bad, progressOf(step, name, sizeOf(source.files)))) {
    if (shards.add(record)) rows += 1;
    else step.bad.reject(name, line, `code ${record.code} stands in the sources twice`);
  }
  return rows;
}

async function addNotes(step: BuildStep, shards: CodeShards): Promise<void> {
  for (const path of step.request.sources.icd10Notes) {
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
    const unknown = shards.attach(notes);
    recordSources(step, { format: 'icd10cm-tabular', files: [file] }, notes.size - unknown.length);
    if (unknown.length > 0) {
      step.warnings.push(
        `${file.name}: notes of ${unknown.length} codes that the release does not have were left out (${some(unknown)}); are the two files of one year?`,
      );
    }
  }
}
