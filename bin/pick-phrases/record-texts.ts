import { isCodedText } from '../../lambda/cache/phrase-code';
import { recordText } from '../../lambda/cache/record-text';
import { openCodeSources } from '../../lambda/catalog/import/code-source';
import { BadLines } from '../../lambda/catalog/import/import-error';
import { SourceFile } from '../../lambda/catalog/import/source-file';
import { readTabularNotes } from '../../lambda/catalog/import/tabular-notes';
import type { Notes } from '../../lambda/codes/record';

/**
 * The texts under which the cache stores the records of an order file, each with its notes; those that the phrase code
 * cannot write are left out.
 * @throws ImportError for a file that a build would refuse
 */
export async function recordTexts(orderFile: string, tabularList?: string): Promise<string[]> {
  const bad = new BadLines(false);
  const notes =
    tabularList === undefined
      ? new Map<string, Notes>()
      : await readTabularNotes(await SourceFile.open(tabularList), bad);
  const texts: string[] = [];
  for (const source of await openCodeSources('icd10', [orderFile])) {
    for await (const { record } of source.read(bad, () => undefined)) {
      const own = notes.get(record.code);
      const text = recordText(own === undefined ? record : { ...record, notes: own });
      if (text !== undefined && isCodedText(text)) texts.push(text);
    }
  }
  return texts;
}
