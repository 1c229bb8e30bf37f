import type { CodeRecord } from '../../../lambda/codes/record';
import { SourceUnavailable } from '../../../lambda/names/errors';
import { packJson } from '../../../lambda/store/json-objects';
import { CatalogReader, type CatalogReaderOptions } from '../../../lambda/catalog/read/catalog-reader';
import { type CatalogRead } from '../../../lambda/catalog/read/verified-reads';
import { SmallCatalog } from '../../support/small-catalog';
import { orderLine } from '../../support/source-lines';
import { WatchedStore } from '../../support/watched-store';

let space: SmallCatalog;
let store: WatchedStore;
beforeEach(async () => {
  space = new SmallCatalog();
  store = new WatchedStore(space.store);
  const codes = ['A00', 'A000', 'A001', 'B00', 'B001', 'C00'];
  await space.buildFrom('r', {
    icd10: [
      space.file('order.txt', codes.map((code) => orderLine(code, code.length > 3 ? 1 : 0, code)).join('')),
    ],
    cpt: [space.file('cpt.csv', 'code,short,long\n99213,a,A\n')],
    crosswalk: [space.file('links.csv', 'icd10,cpt\nA00.0,99213\n')],
  });
  await space.publish('r');
});
afterEach(() => space.remove());

const shardReads = (): string[] => store.gets.filter((key) => key.endsWith('.json.gz'));
const open = (options?: CatalogReaderOptions): CatalogReader => new CatalogReader(store, options);

test('a record, a category in official order, and what is not in the release', async () => {
  const reader = open();
  expect((await reader.pointer()).release).toBe('r');
  expect(await reader.record('r', 'icd10', 'A00.1')).toMatchObject({ code: 'A00.1', billable: true });
  expect(await reader.record('r', 'icd10', 'A00.9')).toBeUndefined();
  expect(await reader.category('r', 'icd10', 'A00')).toEqual([
    { code: 'A00', shortDescription: 'A00', billable: false },
    { code: 'A00.0', shortDescription: 'A000', billable: true },
    { code: 'A00.1', shortDescription: 'A001', billable: true },
  ]);
  expect(await reader.category('r', 'cpt', 'surgery')).toBeUndefined();
  expect(await reader.hasType('r', 'cpt')).toBe(true);
  expect(await reader.hasType('r', 'hcpcs')).toBe(false);
});

test('many codes cost one read per shard, and shards read before cost none', async () => {
  const reader = open();
  const found = await reader.records('r', 'icd10', ['A00', 'B00.1', 'A00.1', 'A00.9', 'Z99']);
  expect([...found].map(([code, record]) => [code, record?.code])).toEqual(
    expect.arrayContaining([
      ['A00', 'A00'],
      ['B00.1', 'B00.1'],
      ['A00.1', 'A00.1'],
      ['A00.9', undefined],
      ['Z99', undefined],
    ]),
  );
  expect(shardReads().sort()).toEqual([
    'catalog/releases/r/icd10/A00.json.gz',
    'catalog/releases/r/icd10/B00.json.gz',
  ]);
  await reader.record('r', 'icd10', 'A00.0');
  expect(shardReads()).toHaveLength(2);
});

test('a code whose shard the release does not have costs no read', async () => {
  const reader = open();
  await reader.manifest('r');
  const before = store.gets.length;
  expect(await reader.record('r', 'icd10', 'Q99.1')).toBeUndefined();
  expect(await reader.record('r', 'hcpcs', 'J1100')).toBeUndefined();
  expect(await reader.category('r', 'icd10', 'Q99')).toBeUndefined();
  expect(await reader.crosswalk('r', 'Q99.1')).toEqual([]);
  expect(store.gets).toHaveLength(before);
});

test('identical reads at one time share one read of the store, manifest included', async () => {
  const reader = open();
  await Promise.all(Array.from({ length: 50 }, () => reader.record('r', 'icd10', 'A00.0')));
  await Promise.all(Array.from({ length: 50 }, () => reader.crosswalk('r', 'A00.0')));
  await Promise.all(
    Array.from({ length: 50 }, () => reader.category('r', 'cpt', 'evaluation-and-management')),
  );
  expect([...store.gets].sort()).toEqual([
    'catalog/current.json',
    'catalog/releases/r/cpt/categories/evaluation-and-management.json.gz',
    'catalog/releases/r/crosswalk/A00.json.gz',
    'catalog/releases/r/icd10/A00.json.gz',
    'catalog/releases/r/manifest.json',
  ]);
});

test('the pointer is asked for each time', async () => {
  const reader = open();
  await Promise.all([reader.pointer(), reader.pointer()]);
  expect(store.gets).toEqual(['catalog/current.json', 'catalog/current.json']);
});

test('memory is bounded by records: the shard used longest ago is read again', async () => {
  const reader = open({ maxRecords: 5 });
  for (const code of ['A00', 'B00', 'A00', 'C00', 'A00']) await reader.record('r', 'icd10', code);
  expect(shardReads().map((key) => key.slice(-11, -8))).toEqual(['A00', 'B00', 'C00']);
  await reader.record('r', 'icd10', 'B00');
  expect(shardReads()).toHaveLength(4);
});

test('a failed read is not remembered', async () => {
  const reader = open();
  await reader.manifest('r');
  let out = true;
  store.alter = (_key, body) => {
    if (out) throw new SourceUnavailable('S3 is out');
    return body;
  };
  await expect(reader.record('r', 'icd10', 'A00')).rejects.toThrow('S3 is out');
  out = false;
  expect(await reader.record('r', 'icd10', 'A00')).toBeDefined();
});

const WRONG: CodeRecord = {
  type: 'icd10',
  code: 'A00',
  description: 'x',
  shortDescription: 'x',
  category: 'A00',
  billable: true,
};

const flip = (body: Uint8Array | undefined): Uint8Array => {
  const damaged = Buffer.from(body ?? []);
  damaged.writeUInt8(damaged.readUInt8(damaged.length >> 1) ^ 1, damaged.length >> 1);
  return damaged;
};

test.each([
  ['a flipped bit in a shard', 'A00.json.gz', flip],
  ['a shard that is cut off', 'A00.json.gz', (body?: Uint8Array) => body?.subarray(0, 40)],
  ['an empty shard', 'A00.json.gz', () => new Uint8Array()],
  ['a shard in another format', 'A00.json.gz', () => packJson([{ type: 'icd10', code: 'A00' }])],
  ['a shard that looks right', 'A00.json.gz', () => packJson([{ ...WRONG, description: 'another text' }])],
  ['a shard that is gone', 'A00.json.gz', () => undefined],
  ['a flipped bit in the manifest', 'manifest.json', flip],
  [
    'a manifest that looks right',
    'manifest.json',
    (body?: Uint8Array) =>
      Buffer.from(
        Buffer.from(body ?? [])
          .toString()
          .replace('order.txt', 'other.txt'),
      ),
  ],
  ['a manifest that is gone', 'manifest.json', () => undefined],
  ['a pointer that is no JSON', 'current.json', () => Buffer.from('{')],
  ['a pointer to nowhere', 'current.json', () => Buffer.from('{"release":"../x"}')],
])('%s is unavailability and a word in the log, never a wrong record', async (_what, name, alter) => {
  const damage: string[] = [];
  const reads: CatalogRead[] = [];
  const reader = open({ onDamage: (key) => damage.push(key), onRead: (read) => reads.push(read) });
  store.alter = (key, body) => (key.endsWith(name) ? alter(body) : body);
  await expect(reader.record('r', 'icd10', 'A00')).rejects.toThrow(SourceUnavailable);
  expect(damage).toEqual([expect.stringMatching(`${name}$`)]);
  expect(reads.at(-1)).toMatchObject({ key: damage[0], ok: false, ms: expect.any(Number) });
  expect(reads.slice(0, -1).every(({ ok }) => ok)).toBe(true);
});

test('before the first publish the answer is unavailability, with what to do', async () => {
  const empty = new SmallCatalog();
  try {
    await expect(new CatalogReader(empty.store).pointer()).rejects.toThrow('No release is published in');
  } finally {
    empty.remove();
  }
});
