import { SmallCatalog } from '../../support/small-catalog';
import { hcpcsLine, orderLine } from '../../support/source-lines';
import { storedRecord } from './stored-records';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const order = (name: string, ...lines: string[]): string => space.file(name, lines.join(''));
const y2021 = (): string =>
  order(
    'icd10cm_order_2021.txt',
    orderLine('M54', 0, 'Dorsalgia'),
    orderLine('M545', 1, 'Low back pain'),
    orderLine('M549', 1, 'Dorsalgia, unspecified'),
  );
const y2022 = (): string =>
  order(
    'icd10cm_order_2022.txt',
    orderLine('M54', 0, 'Dorsalgia'),
    orderLine('M545', 0, 'Low back pain'),
    orderLine('M5450', 1, 'Low back pain, unspecified'),
  );

test('files that name their years are editions, in whatever order they are given', async () => {
  const one = await space.buildFrom('one', { icd10: [y2021(), y2022()] });
  const other = await space.buildFrom('other', { icd10: [y2022(), y2021()] });
  expect(other.manifest.objects).toEqual(one.manifest.objects);
  expect(one.manifest.editions).toEqual({
    icd10: [
      { from: '2020-10-01', codes: 3, billable: 2 },
      { from: '2021-10-01', codes: 3, billable: 1 },
    ],
  });
  expect(one.manifest.counts.icd10).toEqual({ total: 4, billable: 1, header: 2, ended: 1 });
  expect(one.manifest.sources).toMatchObject([
    { kind: 'icd10', from: '2020-10-01', name: 'icd10cm_order_2021.txt', rows: 3 },
    { kind: 'icd10', from: '2021-10-01', name: 'icd10cm_order_2022.txt', rows: 3 },
  ]);
  expect(await storedRecord(space, 'one', 'M54.5')).toMatchObject({
    billable: false,
    validFrom: '2021-10-01',
    earlier: [{ validTo: '2021-09-30', billable: true }],
  });
  expect(await storedRecord(space, 'one', 'M54.9')).toMatchObject({ validTo: '2021-09-30' });
});

test('a day that is named goes before that of the file name, and may be to come', async () => {
  const { manifest } = await space.buildFrom('r', {
    icd10: [
      { path: y2021(), from: '2021-01-01' },
      { path: y2022(), from: '2999-10-01' },
    ],
  });
  expect(manifest.editions.icd10?.map(({ from }) => from)).toEqual(['2021-01-01', '2999-10-01']);
  expect(await storedRecord(space, 'r', 'M54.50')).toMatchObject({ validFrom: '2999-10-01' });
});

test('a lone file whose day nobody tells makes one undated edition', async () => {
  const { manifest } = await space.buildFrom('r', { icd10: [order('codes.txt', orderLine('A00', 1, 'x'))] });
  expect(manifest.editions).toEqual({ icd10: [{ codes: 1, billable: 1 }] });
});

test('files of one day, or all of no day, add up to one edition', async () => {
  const csv = space.file('more.csv', 'code,short,long\nA00,x,x\n');
  const dated = await space.buildFrom('dated', {
    icd10: [y2021(), { path: csv, from: '2020-10-01' }],
  });
  expect(dated.manifest.editions.icd10).toEqual([{ from: '2020-10-01', codes: 4, billable: 3 }]);
  const hcpcs = space.file('a.csv', 'code,short,long\nJ1100,x,x\n');
  const undated = await space.buildFrom('undated', {
    icd10: [order('codes.txt', orderLine('B00', 1, 'x')), csv],
    hcpcs: [hcpcs, space.file('b.csv', 'code,short,long\nJ1110,x,x\n')],
  });
  expect(undated.manifest.editions).toEqual({
    icd10: [{ codes: 2, billable: 2 }],
    hcpcs: [{ codes: 2, billable: 2 }],
  });
});

test('of two editions one whose day nobody tells stops the build, and so do two of one day that differ', async () => {
  const codes = order('codes.txt', orderLine('A00', 1, 'x'));
  await expect(space.buildFrom('r', { icd10: [y2021(), codes] })).rejects.toThrow(
    "ICD-10-CM has several editions, and neither an option nor a file's name tells the first day of one. Write --icd10 DATE=FILE",
  );
  await expect(
    space.buildFrom('r', { icd10: [y2021(), { path: y2022(), from: '2020-10-01' }] }),
  ).rejects.toThrow(/M54 stands in the sources twice.*--icd10 2025-10-01=FILE/);
});

test('addenda are an edition: the one before their day with what they change', async () => {
  const change = (kind: string, flag: 0 | 1, code: string, text: string): string =>
    `${kind}: ${orderLine(code, flag, text).slice(6)}`;
  const addenda = space.file(
    'addenda.txt',
    [
      change('Delete', 1, 'M545', 'Low back pain'),
      change('Add', 0, 'M545', 'Low back pain'),
      change('Add', 1, 'M5450', 'Low back pain, unspecified'),
    ].join(''),
  );
  const { manifest } = await space.buildFrom('r', {
    icd10: [y2021()],
    icd10Addenda: [{ path: addenda, from: '2021-04-01' }],
  });
  expect(manifest.editions.icd10).toEqual([
    { from: '2020-10-01', codes: 3, billable: 2 },
    { from: '2021-04-01', codes: 4, billable: 2 },
  ]);
  expect(await storedRecord(space, 'r', 'M54.5')).toMatchObject({
    billable: false,
    validFrom: '2021-04-01',
    replacedBy: [{ from: '2021-04-01', codes: ['M54.50'] }],
  });
  expect(await storedRecord(space, 'r', 'M54.9')).not.toHaveProperty('validTo');

  const build = (name: string, from: string | undefined): Promise<unknown> =>
    space.buildFrom('s', { icd10: [y2021()], icd10Addenda: [{ path: name, from }] });
  await expect(build(addenda, undefined)).rejects.toThrow('Nobody tells the first day of addenda.txt');
  await expect(build(addenda, '2020-04-01')).rejects.toThrow('nothing to amend');
  await expect(build(addenda, '2020-10-01')).rejects.toThrow('Two editions of ICD-10-CM begin on 2020-10-01');
  await expect(build(y2022(), '2021-04-01')).rejects.toThrow('not recognised as an ICD-10-CM addendum');
});

test('HCPCS files tell their days by their records, and what is over counts as ended', async () => {
  const file = (name: string, ...lines: string[]): string => space.file(name, lines.join(''));
  const { manifest } = await space.buildFrom('r', {
    hcpcs: [
      file('b.txt', hcpcsLine('J1100', 'x', '2001010120180101        N')),
      file(
        'a.txt',
        hcpcsLine('J1100', 'x', '2001010120160101        N'),
        hcpcsLine('J1110', 'y', '2002010120020202        N'),
        hcpcsLine('J1120', 'z', '200201012002020220151231N'),
      ),
    ],
  });
  expect(manifest.editions.hcpcs).toEqual([
    { from: '2016-01-01', codes: 2, billable: 2 },
    { from: '2018-01-01', codes: 1, billable: 1 },
  ]);
  expect(manifest.counts.hcpcs).toEqual({ total: 3, billable: 1, header: 0, ended: 2 });
  expect(await storedRecord(space, 'r', 'J1110', 'hcpcs')).toMatchObject({
    validFrom: '2002-01-01',
    validTo: '2017-12-31',
  });
  expect(await storedRecord(space, 'r', 'J1120', 'hcpcs')).toMatchObject({ validTo: '2015-12-31' });
});

test("the AMA's files of a year belong together, and two years are two editions", async () => {
  const ama = (year: number, text: string): string[] => [
    space.file(`LONGULT_${year}.TXT`, `99213\tSAMPLE ${text}, in an invented long descriptor\n`),
    space.file(`SHORTULT_${year}.TXT`, `99213 SAMPLE ${text}\n`),
  ];
  const { manifest } = await space.buildFrom('r', { cpt: [...ama(2025, 'one'), ...ama(2026, 'two')] });
  expect(manifest.editions.cpt?.map(({ from }) => from)).toEqual(['2025-01-01', '2026-01-01']);
  expect(await storedRecord(space, 'r', '99213', 'cpt')).toMatchObject({
    shortDescription: 'SAMPLE two',
    validFrom: '2026-01-01',
    earlier: [{ shortDescription: 'SAMPLE one', validTo: '2025-12-31' }],
  });
});
