import { BadLines } from '../../../lambda/catalog/import/import-error';
import { type Conversion, readConversionTable } from '../../../lambda/catalog/import/conversion-table';
import { SourceFile } from '../../../lambda/catalog/import/source-file';
import { SmallCatalog } from '../../support/small-catalog';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

async function conversionsIn(content: string, bad = new BadLines(false)): Promise<string[]> {
  const file = await SourceFile.open(space.file('conversion.csv', content));
  const read: Conversion[] = await readConversionTable(file, bad);
  return read.map(({ previous, code, from }) => `${previous} > ${code} ${from}`);
}

test.each([
  'current_code,effective,previous_code\nA0471,20171001,A047\n',
  'current_code\teffective\tprevious_code\nA04.71\t2017-10-01\tA04.7\n',
  'Current Code Assignment,Effective Date,Previous Code(s) Assignment\na0471,2018,a04.7\n',
  'previous codes,new code,effective year\nA04.7,A04.71,2018\n',
])('commas or tabs, codes with or without dot, days or fiscal years: %j', async (content) => {
  expect(await conversionsIn(content)).toEqual(['A04.7 > A04.71 2017-10-01']);
});

test('several previous codes stand in one cell, and a code does not replace itself', async () => {
  const content = 'current_code,effective,previous_code\nA0471,20171001,"A047, A048 A0471"\n';
  expect(await conversionsIn(content)).toEqual(['A04.7 > A04.71 2017-10-01', 'A04.8 > A04.71 2017-10-01']);
});

test.each([
  ['nonsense,20171001,A047', 'names something that is not an ICD-10-CM code'],
  ['A0471,20171001,&', 'names something that is not an ICD-10-CM code'],
  ['A0471,20170231,A047', '"20170231" is neither a day nor a fiscal year'],
  ['A0471,20171001,', 'its previous_code is empty'],
])('the row %j is a bad line', async (row, reason) => {
  const content = `current_code,effective,previous_code\n${row}\nA0472,20171001,A047\n`;
  await expect(conversionsIn(content)).rejects.toThrow(`conversion.csv, line 2: `);
  const bad = new BadLines(true);
  expect(await conversionsIn(content, bad)).toEqual(['A04.7 > A04.72 2017-10-01']);
  expect(bad.listed).toEqual([{ file: 'conversion.csv', line: 2, reason: expect.stringContaining(reason) }]);
});

test('a file without the columns is no conversion table', async () => {
  await expect(conversionsIn('code,short,long\nA00,a,b\n')).rejects.toThrow(
    'it is not recognised as a conversion table',
  );
});
