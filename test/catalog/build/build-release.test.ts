import { gzipSync } from 'node:zlib';
import type { BuildProgress } from '../../../lambda/catalog/build/build-request';
import { buildRelease } from '../../../lambda/catalog/build/build-release';
import { sha256 } from '../../../lambda/store/json-objects';
import type { ObjectStore } from '../../../lambda/store/object-store';
import { NO_SOURCES, SmallCatalog } from '../../support/small-catalog';
import { hcpcsLine, orderLine } from '../../support/source-lines';
import { WatchedStore } from '../../support/watched-store';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const order = (codes: string[]): string =>
  codes.map((code) => orderLine(code, code.length > 3 ? 1 : 0, `text of ${code}`)).join('');

test('the manifest counts codes and names every source and object with its sha256', async () => {
  const content = order(['A00', 'A000', 'A001', 'B00']);
  const { manifest } = await space.buildFrom('2026.1', {
    icd10: [space.file('order.txt.gz', gzipSync(content))],
    hcpcs: [space.file('hcpcs.txt', hcpcsLine('J1100', 'x') + hcpcsLine('J1110', 'y'))],
  });
  expect(manifest).toMatchObject({
    release: '2026.1',
    createdAt: '2026-01-02T03:04:05.000Z',
    counts: { icd10: { total: 4, billable: 2, header: 2 }, hcpcs: { total: 2, billable: 2, header: 0 } },
    sources: [
      {
        name: 'order.txt.gz',
        format: 'icd10cm-order',
        rows: 4,
        skipped: 0,
        sha256: sha256(gzipSync(content)),
      },
      { name: 'hcpcs.txt', format: 'hcpcs-contractor', rows: 2 },
    ],
  });
  expect(Object.keys(manifest.objects)).toEqual([
    'hcpcs/J11.json.gz',
    'hcpcs/categories/J.json.gz',
    'icd10/A00.json.gz',
    'icd10/B00.json.gz',
  ]);
  for (const [key, { sha256: expected, bytes }] of Object.entries(manifest.objects)) {
    const stored = await space.store.get(`catalog/releases/2026.1/${key}`);
    expect({ key, bytes: stored?.length, sha256: sha256(stored ?? new Uint8Array()) }).toEqual({
      key,
      bytes,
      sha256: expected,
    });
  }
  expect(
    JSON.parse(
      Buffer.from((await space.store.get('catalog/releases/2026.1/manifest.json')) ?? []).toString(),
    ),
  ).toEqual(manifest);
});

test('the same sources give the same bytes, and an unchanged shard is the same in two releases', async () => {
  const file = space.file('order.txt', order(['A00', 'A000', 'B00']));
  const first = await space.buildFrom('1', { icd10: [file] });
  const second = await space.buildFrom('2', { icd10: [file] });
  const third = await space.buildFrom('3', {
    icd10: [space.file('other.txt', order(['A00', 'A000', 'B00', 'B001']))],
  });
  expect(second.manifest.objects).toEqual(first.manifest.objects);
  expect(third.manifest.objects['icd10/A00.json.gz']).toEqual(first.manifest.objects['icd10/A00.json.gz']);
  expect(third.manifest.objects['icd10/B00.json.gz']).not.toEqual(
    first.manifest.objects['icd10/B00.json.gz'],
  );
});

test('a complete release is immutable', async () => {
  await space.buildFrom('r', { icd10: [space.file('order.txt', order(['A00']))] });
  await expect(space.buildFrom('r', { icd10: [space.file('order.txt', order(['B00']))] })).rejects.toThrow(
    'Release r exists',
  );
  expect(await space.store.get('catalog/releases/r/icd10/B00.json.gz')).toBeUndefined();
});

test('a build that was cut off leaves no manifest; building it again leaves nothing of the first', async () => {
  let puts = 0;
  const failing: ObjectStore = Object.assign(new WatchedStore(space.store), {
    put: async (key: string, body: Uint8Array) => {
      puts += 1;
      if (puts > 2) throw new Error('power cut');
      await space.store.put(key, body);
    },
  });
  const three = space.file('three.txt', order(['A00', 'B00', 'C00']));
  await expect(space.buildFrom('r', { icd10: [three] }, { store: failing })).rejects.toThrow('power cut');
  expect(await space.store.get('catalog/releases/r/icd10/A00.json.gz')).toBeDefined();
  expect(await space.store.get('catalog/releases/r/manifest.json')).toBeUndefined();

  const { manifest } = await space.buildFrom('r', { icd10: [space.file('one.txt', order(['C00']))] });
  const keys: string[] = [];
  for await (const { key } of space.store.list('catalog/releases/r/')) keys.push(key);
  expect(keys).toEqual(['catalog/releases/r/icd10/C00.json.gz', 'catalog/releases/r/manifest.json']);
  expect(Object.keys(manifest.objects)).toEqual(['icd10/C00.json.gz']);
});

test('of two builds of one release at one time only one can finish', async () => {
  const outcomes = await Promise.allSettled(
    ['A00', 'B00'].map((code) => space.buildFrom('r', { icd10: [space.file(`${code}.txt`, order([code]))] })),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a code that stands twice, in one file or in two, is a bad line', async () => {
  const twice = space.file('order.txt', order(['A00', 'A000', 'A000']));
  await expect(space.buildFrom('r', { icd10: [twice] })).rejects.toThrow(
    'order.txt, line 3: code A00.0 stands in the sources twice',
  );
  const csv = space.file('more.csv', 'code,short,long\nA00.0,other,other\nA00.1,x,x\n');
  const report = await space.buildFrom('r', { icd10: [twice, csv] }, { skipInvalid: true });
  expect(report.skipped).toEqual({
    total: 2,
    listed: [
      { file: 'order.txt', line: 3, reason: 'code A00.0 stands in the sources twice' },
      { file: 'more.csv', line: 2, reason: 'code A00.0 stands in the sources twice' },
    ],
  });
  expect(report.manifest.counts.icd10?.total).toBe(3);
});

test('a bad line stops the build before anything can be published', async () => {
  const file = space.file('order.txt', `${order(['A00'])}rubbish\r\n`);
  await expect(space.buildFrom('r', { icd10: [file] })).rejects.toThrow('order.txt, line 2:');
  await expect(space.publish('r')).rejects.toThrow('Release r is not complete');
});

test('notes attach to their codes; those of codes the release lacks are warned of', async () => {
  const xml = `<?xml version="1.0"?>\n<ICD10CM.tabular><diag><name>A00</name><includes><note>n</note></includes></diag>
    <diag><name>B99</name><includes><note>n</note></includes></diag></ICD10CM.tabular>`;
  const report = await space.buildFrom('r', {
    icd10: [space.file('order.txt', order(['A00']))],
    icd10Notes: [space.file('tabular.xml', xml)],
  });
  expect(report.manifest).toMatchObject({
    codesWithNotes: 1,
    sources: [{}, { format: 'icd10cm-tabular', rows: 1 }],
  });
  expect(report.warnings).toEqual([
    expect.stringContaining('notes of 1 codes that the release does not have'),
  ]);
});

test('CPT categories list their codes in the order of the file, over shards', async () => {
  const file = space.file('cpt.csv', 'code,short,long\n99213,a,A\n00100,b,B\n99202,c,C\n99455,d,D\n');
  await space.buildFrom('r', { cpt: [file] });
  await space.publish('r');
  const { CatalogReader } = await import('../../../lambda/catalog/read/catalog-reader');
  const listed = await new CatalogReader(space.store).category('r', 'cpt', 'evaluation-and-management');
  expect(listed).toEqual([
    { code: '99213', shortDescription: 'a', billable: true },
    { code: '99202', shortDescription: 'c', billable: true },
    { code: '99455', shortDescription: 'd', billable: true },
  ]);
});

test('progress reaches the end of every source and of what is stored', async () => {
  const file = space.file('order.txt', order(['A00', 'B00']));
  const seen: BuildProgress[] = [];
  await buildRelease(
    space.store,
    { release: 'r', sources: { ...NO_SOURCES, icd10: [file] } },
    { now: () => new Date(), onProgress: (progress) => seen.push(progress) },
  );
  const last = (step: string): BuildProgress | undefined => seen.findLast((each) => each.step === step);
  expect(last('read')).toMatchObject({ subject: 'order.txt', done: last('read')?.total });
  expect(last('store')).toMatchObject({ subject: 'ICD-10-CM', done: 2, total: 2 });
});

test.each(['', '.hidden', '-x', 'a/b', '..', 'a'.repeat(33), 'a b'])(
  'the release id %j is refused',
  async (release) => {
    await expect(space.buildFrom(release, { icd10: [space.file('o.txt', order(['A00']))] })).rejects.toThrow(
      'is not a release id',
    );
  },
);

test('a release of nothing, and notes without codes, are refused', async () => {
  await expect(space.buildFrom('r', {})).rejects.toThrow('at least one file of codes');
  await expect(
    space.buildFrom('r', { icd10Notes: ['x.xml'], hcpcs: [space.file('h.txt', hcpcsLine('J1100', 'x'))] }),
  ).rejects.toThrow('need the ICD-10-CM codes');
});
