import { CatalogReader } from '../../../lambda/catalog/read/catalog-reader';
import type { BuildReport } from '../../../lambda/catalog/build/build-release';
import type { CrosswalkLink } from '../../../lambda/codes/record';
import { SmallCatalog } from '../../support/small-catalog';
import { orderLine } from '../../support/source-lines';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const CODES = ['A00', 'A000', 'A001', 'Z0000'];

async function build(crosswalk: string[], skipInvalid = false): Promise<BuildReport> {
  const icd10 = [space.file('order.txt', CODES.map((code) => orderLine(code, 1, code)).join(''))];
  return space.buildFrom('r', { icd10, crosswalk }, { skipInvalid });
}

async function linksOf(icd10: string): Promise<CrosswalkLink[]> {
  await space.publish('r');
  return new CatalogReader(space.store).crosswalk('r', icd10);
}

const csv = (rows: string, header = 'icd10,cpt,relationship,source'): string =>
  space.file('links.csv', `${header}\n${rows}`);

test('links are sorted by procedure, with all the sources of a pair', async () => {
  await build([csv('z0000,99395,covered,b\nZ00.00,g0438,covered,a\nZ0000,99395,covered,a\nA00.0,80053,,\n')]);
  expect(await linksOf('Z00.00')).toEqual([
    { cpt: '99395', relationship: 'covered', sources: ['a', 'b'] },
    { cpt: 'G0438', relationship: 'covered', sources: ['a'] },
  ]);
  expect(await linksOf('A00.0')).toEqual([{ cpt: '80053', relationship: 'related', sources: [] }]);
  expect(await linksOf('A00.1')).toEqual([]);
  expect(await linksOf('Z99.9')).toEqual([]);
});

test('two columns are enough, in any order', async () => {
  const report = await build([csv('80053,A00.0\n', 'cpt,icd10')]);
  expect(report.manifest).toMatchObject({ crosswalkLinks: 1 });
});

test.each([
  ['a diagnosis that is none', '12,99395,covered,a', '"12" is not an ICD-10-CM code'],
  ['a procedure that is none', 'A00.0,9939,covered,a', '"9939" is neither a CPT nor a HCPCS code'],
  ['the same link again', 'A00.1,99395,covered,a', 'the link of A00.1 and 99395 stands in the sources twice'],
  [
    'another relationship of a pair',
    'A00.1,99395,excluded,b',
    'A00.1 and 99395 are covered in an earlier line and excluded here',
  ],
])('%s stops the build, naming file, line and reason', async (_what, line, reason) => {
  const file = csv(`A00.1,99395,covered,a\n${line}\nA00.0,99395,covered,a\n`);
  await expect(build([file])).rejects.toThrow(`links.csv, line 3: ${reason}`);
  const report = await build([file], true);
  expect(report.manifest).toMatchObject({
    crosswalkLinks: 2,
    sources: [{}, { format: 'crosswalk-csv', skipped: 1 }],
  });
});

const quoted = (rows: string[][]): string =>
  `\ufeff${rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n')}\r\n`;
const covered = (rows: string[][]): string =>
  space.file(
    'covered.csv',
    quoted([['article_id', 'article_version', 'icd10_code_id', 'range', 'description'], ...rows]),
  );
const procedures = (rows: string[][]): string =>
  space.file(
    'hcpc.csv',
    quoted([['article_id', 'article_version', 'hcpc_code_id', 'long_description'], ...rows]),
  );

test('coverage articles are joined on article and version, many to many', async () => {
  const report = await build([
    procedures([
      ['50001', '7', '99395', 'one, "two"'.replaceAll('"', '""')],
      ['50001', '7', 'G0438', ''],
      ['50001', '8', '80053', ''],
      ['50002', '7', '99395', ''],
      ['50002', '7', 'XX000', 'Not Applicable'],
    ]),
    covered([
      ['50001', '7', 'A00.0', '', 'text, with comma'],
      ['50001', '7', 'A00.0', '', 'again, in another group'],
      ['50002', '7', 'A00.0', '', ''],
      ['50001', '7', 'A00.1', '', ''],
      ['50001', '9', 'A00.1', '', ''],
      ['50003', '1', 'XX000', '', ''],
      ['50001', '7', 'B99.9', '', ''],
    ]),
  ]);
  expect(await linksOf('A00.0')).toEqual([
    { cpt: '99395', relationship: 'covered', sources: ['article:50001v7', 'article:50002v7'] },
    { cpt: 'G0438', relationship: 'covered', sources: ['article:50001v7'] },
  ]);
  expect(await linksOf('A00.1')).toEqual([
    { cpt: '99395', relationship: 'covered', sources: ['article:50001v7'] },
    { cpt: 'G0438', relationship: 'covered', sources: ['article:50001v7'] },
  ]);
  expect(report.manifest.crosswalkLinks).toBe(6);
  expect(report.warnings.join('\n')).toMatch(
    /1 articles list no procedure[^]*1 lines say XX000[^]*names 1 ICD-10-CM codes.*B99\.9/,
  );
});

test('one article file without the other is refused', async () => {
  await expect(build([covered([])])).rejects.toThrow(
    'covered.csv: coverage articles come as one pair of files',
  );
  await expect(build([procedures([])])).rejects.toThrow(
    'hcpc.csv: coverage articles come as one pair of files',
  );
  await expect(build([space.file('x.csv', 'a,b\n')])).rejects.toThrow(
    'x.csv: it is not recognised as a crosswalk',
  );
});
