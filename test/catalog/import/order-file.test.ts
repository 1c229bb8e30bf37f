import { BadLines } from '../../../lambda/catalog/import/import-error';
import { SmallCatalog } from '../../support/small-catalog';
import { orderLine } from '../../support/source-lines';
import { recordsOf } from './reading';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

test('a line becomes a record: code dotted, both texts, flag 1 billable and 0 a header', async () => {
  const long = 'Encounter for general adult medical examination without abnormal findings';
  const file = space.file(
    'order.txt',
    `00001 Z00     0 ${'Encounter for exam'.padEnd(60)} Encounter for examination\r\n` +
      `00002 Z0000   1 ${'Encntr for general adult medical exam w/o abnormal findings'.padEnd(60)} ${long}\r\n`,
  );
  expect(await recordsOf('icd10', [file])).toEqual([
    {
      type: 'icd10',
      code: 'Z00',
      description: 'Encounter for examination',
      shortDescription: 'Encounter for exam',
      category: 'Z00',
      billable: false,
    },
    {
      type: 'icd10',
      code: 'Z00.00',
      description: long,
      shortDescription: 'Encntr for general adult medical exam w/o abnormal findings',
      category: 'Z00',
      billable: true,
    },
  ]);
});

test('codes that stricter patterns reject are taken as they come', async () => {
  const codes = ['U071', 'QA0', 'C7A1', 'Z3A00', 'S82001A'];
  const file = space.file('order.txt', codes.map((code) => orderLine(code, 1, `text of ${code}`)).join(''));
  const found = (await recordsOf('icd10', [file])).map(({ code }) => code);
  expect(found).toEqual(['U07.1', 'QA0', 'C7A.1', 'Z3A.00', 'S82.001A']);
});

test('blank lines, plain line ends, blanks after a text and a missing last line end do no harm', async () => {
  const content = `\r\n${orderLine('A00', 0, 'Cholera').replace('\r\n', '   \n')}\n   \r\n${orderLine('A000', 1, 'Cholera due to V').trimEnd()}`;
  const records = await recordsOf('icd10', [space.file('order.txt', content)]);
  expect(records.map(({ code, description }) => `${code} ${description}`)).toEqual([
    'A00 Cholera',
    'A00.0 Cholera due to V',
  ]);
});

const good = orderLine('A00', 0, 'Cholera');
test.each([
  ['an order number that is none', `X${good.slice(1)}`, 'order number "X'],
  ['a code that is none', `${good.slice(0, 6)}1A0${good.slice(9)}`, '"1A0" in columns 7-13'],
  ['another flag', `${good.slice(0, 14)}2${good.slice(15)}`, 'flag "2" in column 15'],
  ['columns that moved', `${good.slice(0, 13)}0${good.slice(14)}`, 'column 14 is "0"'],
  ['no long text', `${good.slice(0, 76)}\r\n`, 'A00 has no long description'],
  ['no short text', `${good.slice(0, 16)}${' '.repeat(60)} Cholera\r\n`, 'A00 has no short description'],
])('%s stops the import, naming file, line and reason', async (_what, line, reason) => {
  const file = space.file('order.txt', good + orderLine('A000', 1, 'x') + line);
  await expect(recordsOf('icd10', [file])).rejects.toThrow(`order.txt, line 3: ${reason}`);
});

test('with skip-invalid a bad line is left out, counted and listed', async () => {
  const bad = new BadLines(true);
  const file = space.file('order.txt', `${good}rubbish\r\n${orderLine('A000', 1, 'x')}`);
  expect((await recordsOf('icd10', [file], bad)).map(({ code }) => code)).toEqual(['A00', 'A00.0']);
  expect(bad.total).toBe(1);
  expect(bad.listed).toMatchObject([{ file: 'order.txt', line: 2 }]);
});
