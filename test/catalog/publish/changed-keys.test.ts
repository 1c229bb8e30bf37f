import { changedKeys } from '../../../lambda/catalog/publish/changed-keys';
import { requireManifest } from '../../../lambda/catalog/stored-manifest';
import { SmallCatalog } from '../../support/small-catalog';
import { orderLine } from '../../support/source-lines';
import { WatchedStore } from '../../support/watched-store';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

interface Content {
  icd10?: string[];
  cpt?: string[];
  links?: string[];
}

async function build(release: string, { icd10 = [], cpt = [], links = [] }: Content): Promise<void> {
  const file = (name: string, header: string, rows: string[]): string[] =>
    rows.length === 0 ? [] : [space.file(`${release}-${name}`, `${header}\n${rows.join('\n')}\n`)];
  await space.buildFrom(release, {
    icd10: [space.file(`${release}-order.txt`, [orderLine('Z99', 1, 'always there'), ...icd10].join(''))],
    cpt: file('cpt.csv', 'code,short,long,billable', cpt),
    crosswalk: file('links.csv', 'icd10,cpt,relationship,source', links),
  });
}

/** Builds two releases and answers the keys that differ, both ways round. */
async function keysBetween(before: Content, after: Content): Promise<string[]> {
  await build('1', before);
  await build('2', after);
  const [one, two] = [await requireManifest(space.store, '1'), await requireManifest(space.store, '2')];
  const there = await changedKeys(space.store, one.manifest, two.manifest);
  const back = await changedKeys(space.store, two.manifest, one.manifest);
  expect([...back.keys].sort()).toEqual([...there.keys].sort());
  expect(new Set(there.keys).size).toBe(there.keys.length);
  return there.keys.sort();
}

test('nothing changed, nothing to remove, and nothing read', async () => {
  const content = {
    icd10: [orderLine('A00', 0, 'x')],
    cpt: ['99213,a,b,true'],
    links: ['A00,99213,covered,s'],
  };
  expect(await keysBetween(content, content)).toEqual([]);
  const store = new WatchedStore(space.store);
  const { manifest } = await requireManifest(space.store, '1');
  await changedKeys(store, manifest, manifest);
  expect(store.gets).toEqual([]);
});

test('a revised long text changes the record alone; a short text or flag its category too', async () => {
  const keys = await keysBetween(
    {
      icd10: [
        orderLine('A00', 0, 'same'),
        orderLine('A000', 1, 'long', 'short'),
        orderLine('B00', 0, 'same'),
        orderLine('B000', 1, 'flag'),
        orderLine('C00', 0, 'long', 'short'),
      ],
    },
    {
      icd10: [
        orderLine('A00', 0, 'same'),
        orderLine('A000', 1, 'longer', 'short'),
        orderLine('B00', 0, 'same'),
        orderLine('B000', 0, 'flag'),
        orderLine('C00', 0, 'long', 'shorter'),
      ],
    },
  );
  expect(keys).toEqual([
    'icd10:A00.0',
    'icd10:B00.0',
    'icd10:C00',
    'icd10:category:B00',
    'icd10:category:C00',
  ]);
});

test('codes added and removed count, because the cache may know them as unknown', async () => {
  const keys = await keysBetween(
    {
      icd10: [orderLine('A00', 0, 'x'), orderLine('A000', 1, 'y')],
      cpt: ['99213,a,b,true', '99214,a,b,true', '0001F,a,b,true'],
    },
    {
      icd10: [orderLine('A00', 0, 'x'), orderLine('B00', 1, 'z')],
      cpt: ['99213,a,b,true', '99215,a,b,true', '0001F,a,b,true'],
    },
  );
  expect(keys).toEqual([
    'cpt:99214',
    'cpt:99215',
    'cpt:category:evaluation-and-management',
    'icd10:A00.0',
    'icd10:B00',
    'icd10:category:A00',
    'icd10:category:B00',
  ]);
});

test('a category whose order changed is another list, though no record changed', async () => {
  const [a, b] = [orderLine('A000', 1, 'a'), orderLine('A001', 1, 'b')];
  expect(await keysBetween({ icd10: [a, b] }, { icd10: [b, a] })).toEqual(['icd10:category:A00']);
});

test('links added, removed or changed: the code’s list, and exactly the pairs concerned', async () => {
  const links = ['Z99,99213,covered,s', 'Z99,99214,covered,s', 'A00,99213,covered,s', 'B00,99213,covered,s'];
  const keys = await keysBetween(
    { links },
    {
      links: [links[0]!, 'Z99,99214,covered,other', 'Z99,99215,covered,s', links[3]!, 'B00,99214,covered,s'],
    },
  );
  expect(keys).toEqual([
    'crosswalk:A00',
    'crosswalk:A00:99213',
    'crosswalk:B00',
    'crosswalk:B00:99214',
    'crosswalk:Z99',
    'crosswalk:Z99:99214',
    'crosswalk:Z99:99215',
  ]);
});
