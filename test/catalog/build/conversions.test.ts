import { SmallCatalog } from '../../support/small-catalog';
import { orderLine } from '../../support/source-lines';
import { storedRecord } from './stored-records';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const HEADER = 'current_code,effective,previous_code';
const table = (name: string, ...rows: string[]): string => space.file(name, [HEADER, ...rows, ''].join('\n'));
const order = (year: number, ...lines: string[]): string =>
  space.file(`icd10cm_order_${year}.txt`, lines.join(''));
const EDITIONS = (): string[] => [
  order(2021, orderLine('A047', 1, 'x'), orderLine('A048', 1, 'y'), orderLine('B00', 1, 'z')),
  order(
    2022,
    orderLine('A047', 0, 'x'),
    orderLine('A0471', 1, 'x1'),
    orderLine('A0472', 1, 'x2'),
    orderLine('B00', 1, 'z'),
  ),
];

test('codes that ended or turned header name what replaces them, by day; others do not', async () => {
  const { manifest, warnings } = await space.buildFrom('r', {
    icd10: EDITIONS(),
    icd10Conversion: [
      table(
        'a.csv',
        'A0472,20211001,A047',
        'A0471,20211001,"A047 A048"',
        'A0471,20210401,A047',
        'A0471,2022,B00',
      ),
    ],
  });
  expect(warnings).toEqual([]);
  expect((await storedRecord(space, 'r', 'A04.7'))?.replacedBy).toEqual([
    { from: '2021-04-01', codes: ['A04.71'] },
    { from: '2021-10-01', codes: ['A04.71', 'A04.72'] },
  ]);
  expect((await storedRecord(space, 'r', 'A04.8'))?.replacedBy).toEqual([
    { from: '2021-10-01', codes: ['A04.71'] },
  ]);
  expect(await storedRecord(space, 'r', 'B00')).not.toHaveProperty('replacedBy');
  expect(manifest.sources).toContainEqual(
    expect.objectContaining({ kind: 'icd10-conversion', format: 'icd10cm-conversion', rows: 5 }),
  );
});

test('rows about codes that the release does not have, old or new, are counted in a warning', async () => {
  const { warnings } = await space.buildFrom('r', {
    icd10: EDITIONS(),
    icd10Conversion: [table('a.csv', 'C001,2022,A047', 'A0471,2022,D001', 'A0471,2022,A047')],
  });
  expect(warnings).toEqual([
    'a.csv: 2 rows about 2 codes that the release does not have were left out (C00.1, D00.1).',
  ]);
  expect((await storedRecord(space, 'r', 'A04.7'))?.replacedBy).toEqual([
    { from: '2021-10-01', codes: ['A04.71'] },
  ]);
});

test('a base keeps what its table says, until a new table takes its place', async () => {
  await space.buildFrom('base', {
    icd10: EDITIONS(),
    icd10Conversion: [table('old.csv', 'A0471,2022,A047')],
  });
  const kept = await space.buildFrom(
    'kept',
    { icd10: [order(2023, orderLine('A0471', 1, 'x1'))] },
    { base: 'base' },
  );
  expect((await storedRecord(space, 'kept', 'A04.7'))?.replacedBy).toEqual([
    { from: '2021-10-01', codes: ['A04.71'] },
  ]);
  expect(kept.manifest.sources).toContainEqual(
    expect.objectContaining({ kind: 'icd10-conversion', name: 'old.csv', carriedFrom: 'base' }),
  );
  const anew = await space.buildFrom(
    'anew',
    { icd10Conversion: [table('new.csv', 'A0472,2022,A047')] },
    { base: 'kept' },
  );
  expect((await storedRecord(space, 'anew', 'A04.7'))?.replacedBy).toEqual([
    { from: '2021-10-01', codes: ['A04.72'] },
  ]);
  expect(anew.manifest.sources.map(({ name }) => name)).not.toContain('old.csv');
});

test('what addenda of a base say outlives a new table', async () => {
  const change = (kind: string, flag: 0 | 1, code: string): string =>
    `${kind}: ${orderLine(code, flag, 'y').slice(6)}`;
  const addenda = space.file(
    'addenda.txt',
    change('Delete', 1, 'A048') + change('Add', 0, 'A048') + change('Add', 1, 'A0481'),
  );
  await space.buildFrom('base', {
    icd10: EDITIONS().slice(0, 1),
    icd10Addenda: [{ path: addenda, from: '2021-04-01' }],
  });
  await space.buildFrom('r', { icd10Conversion: [table('a.csv', 'B00,2022,A048')] }, { base: 'base' });
  expect((await storedRecord(space, 'r', 'A04.8'))?.replacedBy).toEqual([
    { from: '2021-04-01', codes: ['A04.81'] },
    { from: '2021-10-01', codes: ['B00'] },
  ]);
});
