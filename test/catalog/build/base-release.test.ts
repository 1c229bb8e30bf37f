import { rmSync } from 'node:fs';
import { CatalogReader } from '../../../lambda/catalog/read/catalog-reader';
import { SmallCatalog } from '../../support/small-catalog';
import { hcpcsLine, orderLine } from '../../support/source-lines';
import { storedRecord } from './stored-records';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const order = (name: string, ...lines: string[]): string => space.file(name, lines.join(''));
const year = (of: number, ...texts: string[]): string =>
  order(`icd10cm_order_${of}.txt`, ...texts.map((text, at) => orderLine(`A0${at}`, 1, text)));
const cpt = (name: string, ...codes: string[]): string =>
  space.file(
    name,
    ['code,short,long', ...codes.map((code) => `${code},SAMPLE,SAMPLE text of ${code}`), ''].join('\n'),
  );
const quarter = (name: string, day: string, ...codes: string[]): string =>
  order(name, ...codes.map((code) => hcpcsLine(code, 'x', `20010101${day}        N`)));
const TABULAR =
  '<?xml version="1.0"?>\n<ICD10CM.tabular><diag><name>A00</name><includes><note>n</note></includes></diag></ICD10CM.tabular>';

async function base(): Promise<string[]> {
  const files = {
    icd10: [year(2021, 'Cholera', 'Typhoid')],
    icd10Notes: [space.file('icd10cm_tabular_2021.xml', TABULAR)],
    cpt: [cpt('cpt-2025.csv', '99213', '10004')],
    hcpcs: [quarter('hcpcs-1.txt', '20180101', 'J1100', 'J1110')],
    crosswalk: [space.file('crosswalk.csv', 'icd10,cpt\nA00,99213\n')],
  };
  await space.buildFrom('base', files);
  return Object.values(files).flat();
}

test('a quarterly HCPCS file is one command: the rest is copied byte for byte, its sources unopened', async () => {
  const files = await base();
  const first = await space.buildFrom('again', { hcpcs: [files[3] ?? ''] }, { base: 'base' });
  for (const file of files) rmSync(file);
  const file = quarter('hcpcs-2.txt', '20180401', 'J1100', 'J1120');
  const { manifest } = await space.buildFrom('next', { hcpcs: [file] }, { base: 'base' });

  const of = ({ objects }: typeof manifest, prefix: string): [string, unknown][] =>
    Object.entries(objects).filter(([name]) => name.startsWith(prefix));
  for (const prefix of ['icd10/', 'cpt/', 'crosswalk/']) {
    expect(of(manifest, prefix)).toEqual(of(first.manifest, prefix));
    expect(of(manifest, prefix)).not.toHaveLength(0);
  }
  expect(manifest).toMatchObject({
    codesWithNotes: 1,
    crosswalkLinks: 1,
    noteEditions: ['2020-10-01'],
    editions: {
      hcpcs: [
        // By its record J1120 was there already.
        { from: '2018-01-01', codes: 3 },
        { from: '2018-04-01', codes: 2 },
      ],
    },
  });
  expect(manifest.sources.map(({ name, carriedFrom }) => `${name} ${carriedFrom ?? 'read'}`).sort()).toEqual([
    'cpt-2025.csv base',
    'crosswalk.csv base',
    'hcpcs-1.txt base',
    'hcpcs-2.txt read',
    'icd10cm_order_2021.txt base',
    'icd10cm_tabular_2021.xml base',
  ]);
  expect(await storedRecord(space, 'next', 'J1110', 'hcpcs')).toMatchObject({ validTo: '2018-03-31' });
  await space.publish('next');
  expect(await new CatalogReader(space.store).record('next', 'icd10', 'A00')).toMatchObject({
    notes: { includes: ['n'] },
  });
});

test('sources of a base of a base keep the release that has read them', async () => {
  await base();
  await space.buildFrom('two', { icd10: [year(2022, 'Cholera')] }, { base: 'base' });
  const { manifest } = await space.buildFrom('three', { icd10: [year(2023, 'Cholera')] }, { base: 'two' });
  expect(manifest.sources.filter(({ kind }) => kind === 'icd10')).toMatchObject([
    { from: '2020-10-01', carriedFrom: 'base' },
    { from: '2021-10-01', carriedFrom: 'two' },
    { from: '2022-10-01' },
  ]);
});

test('in whatever order editions of ICD-10-CM come, one by one or at once, the objects are the same', async () => {
  const files = {
    2021: year(2021, 'Cholera', 'Typhoid', 'Third'),
    2022: year(2022, 'Cholera revised', 'Typhoid'),
    2023: year(2023, 'Cholera', 'Typhoid', 'Third'),
  };
  const { manifest } = await space.buildFrom('once', { icd10: Object.values(files) });
  for (const sequence of [
    [2021, 2022, 2023],
    [2023, 2021, 2022],
    [2022, 2023, 2021],
  ] as const) {
    let from: string | undefined;
    let last: typeof manifest | undefined;
    for (const each of sequence) {
      const name = `${sequence.join('-')}.${each}`;
      last = (await space.buildFrom(name, { icd10: [files[each]] }, from === undefined ? {} : { base: from }))
        .manifest;
      from = name;
    }
    expect(last?.objects).toEqual(manifest.objects);
    expect(last?.editions).toEqual(manifest.editions);
  }
});

test('so it is with HCPCS, though an older file may come last', async () => {
  const lines =
    (dates: string, text = 'x') =>
    (code: string): string =>
      hcpcsLine(code, text, dates);
  const files = [
    order(
      'h1.txt',
      ...['J1100', 'J1110', 'J1120'].map(lines('2001010120160101        N')),
      lines('200101012001010120151231N')('J1130'),
    ),
    order(
      'h2.txt',
      ...['J1100', 'J1120'].map(lines('2001010120170101        N', 'new words')),
      lines('2017010120170101        N')('J1140'),
    ),
    order(
      'h3.txt',
      lines('2001010120180101        N', 'new words')('J1120'),
      lines('2017010120170101        N')('J1140'),
      lines('2018010120180101        N')('J1110'),
    ),
  ];
  const { manifest } = await space.buildFrom('once', { hcpcs: files });
  expect(manifest.editions.hcpcs?.map(({ from }) => from)).toEqual([
    '2016-01-01',
    '2017-01-01',
    '2018-01-01',
  ]);
  for (const sequence of [
    [0, 1, 2],
    [2, 1, 0],
    [2, 0, 1],
    [1, 0, 2],
  ]) {
    let from: string | undefined;
    for (const each of sequence) {
      const name = `${sequence.join('-')}.${each}`;
      await space.buildFrom(name, { hcpcs: [files[each] ?? ''] }, from === undefined ? {} : { base: from });
      from = name;
    }
    // That J1110 had a gap shows only in the file between: it has to come before the one that ends the gap.
    const gapShows = sequence.indexOf(1) < sequence.indexOf(2);
    for (const code of ['J1100', 'J1120', 'J1130', 'J1140', ...(gapShows ? ['J1110'] : [])]) {
      expect([code, await storedRecord(space, from ?? '', code, 'hcpcs')]).toEqual([
        code,
        await storedRecord(space, 'once', code, 'hcpcs'),
      ]);
    }
  }
});

test('a CPT list keeps the order of its files over a base', async () => {
  const of = (name: string, from: string, ...codes: string[]) => ({ path: cpt(name, ...codes), from });
  const one = of('one.csv', '2024-01-01', '10004', '70010', '70015', '99213', '00100');
  const two = of('two.csv', '2025-01-01', '99213', '70015', '10021', '00100');
  const { manifest } = await space.buildFrom('once', { cpt: [one, two] });
  await space.buildFrom('base', { cpt: [one] });
  const later = await space.buildFrom('later', { cpt: [two] }, { base: 'base' });
  await space.buildFrom('newest', { cpt: [two] });
  const earlier = await space.buildFrom('earlier', { cpt: [one] }, { base: 'newest' });
  expect(later.manifest.objects).toEqual(manifest.objects);
  expect(earlier.manifest.objects).toEqual(manifest.objects);
});

test('an edition of the same day takes the place of the one in the base', async () => {
  await base();
  const { manifest } = await space.buildFrom('r', { icd10: [year(2021, 'Corrected')] }, { base: 'base' });
  expect(manifest.editions.icd10).toEqual([{ from: '2020-10-01', codes: 1, billable: 1 }]);
  expect((await storedRecord(space, 'r', 'A00'))?.description).toBe('Corrected');
  expect(manifest.sources.filter(({ kind }) => kind === 'icd10')).toHaveLength(1);
  const hcpcs = await space.buildFrom(
    'h',
    { hcpcs: [order('corrected.txt', hcpcsLine('J1100', 'corrected', '2018010120180101        N'))] },
    { base: 'base' },
  );
  expect(hcpcs.manifest.counts.hcpcs).toEqual({ total: 1, billable: 1, header: 0, ended: 0 });
});

test('an undated system is replaced by an undated file, and cannot be joined with a dated one', async () => {
  await base();
  const { manifest } = await space
    .buildFrom('r', { cpt: [cpt('LONG.csv', '99214')] }, { base: 'base' })
    .catch(() => ({ manifest: undefined }));
  expect(manifest).toBeUndefined();
  await space.buildFrom('undated', { cpt: [cpt('LONG.csv', '99213')] });
  const anew = await space.buildFrom('anew', { cpt: [cpt('LONG.csv', '99214')] }, { base: 'undated' });
  expect(anew.manifest.counts.cpt?.total).toBe(1);
  await expect(
    space.buildFrom(
      'mixed',
      { cpt: [{ path: cpt('L.csv', '99214'), from: '2026-01-01' }] },
      { base: 'undated' },
    ),
  ).rejects.toThrow('An edition of a base that has no day has to be built anew with one');
});

test('notes alone may be given to a base, whose codes stay as they are', async () => {
  await space.buildFrom('base', { icd10: [year(2021, 'Cholera'), year(2022, 'Cholera revised')] });
  const notes = { icd10Notes: [space.file('icd10cm_tabular_2021.xml', TABULAR)] };
  const { manifest } = await space.buildFrom('r', notes, { base: 'base' });
  const once = await space.buildFrom('once', {
    icd10: [year(2021, 'Cholera'), year(2022, 'Cholera revised')],
    ...notes,
  });
  expect(manifest.objects).toEqual(once.manifest.objects);
});

test('a base that is unknown, unfinished or damaged, and a build of nothing new, are refused', async () => {
  await base();
  const hcpcs = [quarter('hcpcs-2.txt', '20180401', 'J1100')];
  await expect(space.buildFrom('r', { hcpcs }, { base: 'nope' })).rejects.toThrow(
    'Release nope is not complete',
  );
  await expect(space.buildFrom('r', { hcpcs }, { base: '../x' })).rejects.toThrow('is not a release id');
  await expect(space.buildFrom('r', {}, { base: 'base' })).rejects.toThrow('Nothing is given anew');
  space.tamper('catalog/releases/base/icd10/A00.json.gz', (bytes) => {
    bytes[bytes.length >> 1]! ^= 1;
    return bytes;
  });
  await expect(space.buildFrom('r', { hcpcs }, { base: 'base' })).rejects.toThrow(
    'catalog/releases/base/icd10/A00.json.gz cannot be used',
  );
  await expect(space.publish('r')).rejects.toThrow('Release r is not complete');
});
