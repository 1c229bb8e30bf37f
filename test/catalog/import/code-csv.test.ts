import { BadLines } from '../../../lambda/catalog/import/import-error';
import { SmallCatalog } from '../../support/small-catalog';
import { recordsOf } from './reading';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

test('codes as users spell them, columns in any order, quoted commas and quotation marks', async () => {
  const file = space.file(
    'codes.csv',
    '\ufeff"Long",code,Billable,short,extra\r\n"Exam, ""general""\r\nadult",z0000,no,Exam,1\r\nCovid,U07.1,,Cov,2\r\n\r\n',
  );
  expect(await recordsOf('icd10', [file])).toEqual([
    {
      type: 'icd10',
      code: 'Z00.00',
      description: 'Exam, "general"\nadult',
      shortDescription: 'Exam',
      category: 'Z00',
      billable: false,
    },
    {
      type: 'icd10',
      code: 'U07.1',
      description: 'Covid',
      shortDescription: 'Cov',
      category: 'U07',
      billable: true,
    },
  ]);
});

test('each code system takes CSV, and gives each code its category', async () => {
  const csv = (codes: string[]): string =>
    `code,short,long\n${codes.map((code) => `${code},s,l`).join('\n')}\n`;
  const cpt = await recordsOf('cpt', [
    space.file('cpt.csv', csv(['99213', '99100', '0001F', '0042T', '0001U', '0002M'])),
  ]);
  expect(cpt.map(({ category }) => category)).toEqual([
    'evaluation-and-management',
    'anesthesia',
    'category-ii',
    'category-iii',
    'pla',
    'maaa',
  ]);
  const hcpcs = await recordsOf('hcpcs', [space.file('hcpcs.csv', csv(['j1100']))]);
  expect(hcpcs).toMatchObject([{ code: 'J1100', category: 'J' }]);
});

const header = 'code,short,long,billable\n';
test.each([
  ['an unquoted comma', 'A00,s,Cholera, severe,1', 'it has 5 fields where the header has 4'],
  ['too few fields', 'A00,s', 'it has 2 fields where the header has 4'],
  ['an empty text', 'A00,s,,1', 'its long is empty'],
  ['another word for billable', 'A00,s,l,maybe', 'billable is "maybe"'],
  ['a code of another system', '99213,s,l,1', 'is no ICD-10-CM code'],
])('%s stops the import, naming file, line and reason', async (_what, line, reason) => {
  const file = space.file('codes.csv', `${header}A01,s,l,1\n${line}\nA02,s,l,1\n`);
  await expect(recordsOf('icd10', [file])).rejects.toThrow(/^codes\.csv, line 3: /);
  await expect(recordsOf('icd10', [file])).rejects.toThrow(reason);
  const bad = new BadLines(true);
  expect((await recordsOf('icd10', [file], bad)).map(({ code }) => code)).toEqual(['A01', 'A02']);
  expect(bad.total).toBe(1);
});

test('a CPT code that lies in no section is a bad line', async () => {
  const file = space.file('codes.csv', 'code,short,long\n05000,s,l\n');
  await expect(recordsOf('cpt', [file])).rejects.toThrow(
    'codes.csv, line 2: 05000 lies in no section of CPT',
  );
});

test.each([
  ['that is never closed', 'A00,s,"l,1', 'a quotation mark before this line is never closed'],
  ['in the middle of a text', 'A00,s,"l"x,1', 'codes.csv, line 2: its quotation marks do not fit'],
])('a quotation mark %s stops even where bad lines are skipped', async (_where, line, reason) => {
  const file = space.file('codes.csv', `${header}${line}\nA01,s,l,1\nA02,s,l,1\n`);
  await expect(recordsOf('icd10', [file], new BadLines(true))).rejects.toThrow(reason);
});

test('a file of no known format is refused with what is taken', async () => {
  const file = space.file('codes.txt', 'hello\nworld\n');
  await expect(recordsOf('icd10', [file])).rejects.toThrow(
    'codes.txt: it is not recognised as ICD-10-CM codes',
  );
  await expect(recordsOf('cpt', [file])).rejects.toThrow('LONGULT.TXT');
  await expect(recordsOf('hcpcs', [file])).rejects.toThrow('320-byte');
});
