import { BadLines } from '../../../lambda/catalog/import/import-error';
import { SourceFile } from '../../../lambda/catalog/import/source-file';
import { readTabularNotes } from '../../../lambda/catalog/import/tabular-notes';
import type { Notes } from '../../../lambda/codes/record';
import { SmallCatalog } from '../../support/small-catalog';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

async function notesOf(body: string): Promise<Map<string, Notes>> {
  const path = space.file('tabular.xml', `<?xml version="1.0"?>\r\n<ICD10CM.tabular>\r\n${body}`);
  return readTabularNotes(await SourceFile.open(path), new BadLines(false));
}
const end = '</ICD10CM.tabular>';

test('every kind of note lands at its own code, in order, with entities and line breaks resolved', async () => {
  const kinds = [
    'inclusionTerm',
    'includes',
    'excludes1',
    'excludes2',
    'codeFirst',
    'codeAlso',
    'useAdditionalCode',
    'notes',
  ];
  const lists = kinds.map(
    (kind) => `<${kind}><note>${kind} one &amp; &lt;two&gt;</note><note>second\r\n  line</note></${kind}>`,
  );
  const notes = await notesOf(`<chapter><name>1</name><includes><note>of the chapter</note></includes>
    <section id="A00-A09"><includes><note>of the section</note></includes>
    <diag><name>A00</name><desc>Cholera</desc>${lists.join('')}
      <diag><name>A00.0</name><desc>x</desc><excludes1><note>inner</note></excludes1></diag>
      <diag><name>A00.1</name><desc>x</desc></diag>
      <notes><note>after the inner ones</note></notes>
    </diag></section></chapter>${end}`);
  const both = (kind: string): string[] => [`${kind} one & <two>`, 'second line'];
  expect(Object.fromEntries(notes)).toEqual({
    A00: {
      inclusionTerms: both('inclusionTerm'),
      includes: both('includes'),
      excludes1: both('excludes1'),
      excludes2: both('excludes2'),
      codeFirst: both('codeFirst'),
      codeAlso: both('codeAlso'),
      useAdditionalCode: both('useAdditionalCode'),
      notes: [...both('notes'), 'after the inner ones'],
    },
    'A00.0': { excludes1: ['inner'] },
  });
});

test('seventh characters make no codes and no notes', async () => {
  const notes = await notesOf(
    `<diag><name>E08.32</name><sevenChrNote><note>One of the following</note></sevenChrNote>
     <sevenChrDef><extension char="1">right eye</extension></sevenChrDef></diag>${end}`,
  );
  expect(notes.size).toBe(0);
});

test.each([
  [
    'XML that is not well-formed',
    `<diag><name>A00</nam></diag>${end}`,
    'tabular.xml, line 3: its XML is not well-formed',
  ],
  ['a list that is cut off', '<diag><name>A00</name>', 'is not well-formed'],
  [
    'a name that is no code',
    `\n<diag><name>12</name></diag>\n${end}`,
    'tabular.xml, line 4: "12" is not an ICD-10-CM code',
  ],
])('%s stops the import, naming the line', async (_what, body, reason) => {
  await expect(notesOf(body)).rejects.toThrow(reason);
});
