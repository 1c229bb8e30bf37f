import { changedKeys } from '../../../lambda/catalog/publish/changed-keys';
import type { CodeRecord } from '../../../lambda/codes/record';
import { requireManifest } from '../../../lambda/catalog/stored-manifest';
import { SmallCatalog } from '../../support/small-catalog';
import { orderLine } from '../../support/source-lines';
import { WatchedStore } from '../../support/watched-store';
import { icd10Record, writeRelease } from '../../support/written-release';

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

describe('of dated codes', () => {
  const state = { billable: true, description: 'SAMPLE A00.0 in full', shortDescription: 'SAMPLE A00.0' };
  const list = 'icd10:category:A00';

  test.each<[string, Partial<CodeRecord>, string[]]>([
    ['an added earlier state', { earlier: [{ ...state, validTo: '2020-09-30' }] }, [list]],
    ['an end date', { validTo: '2026-09-30' }, [list]],
    ['a first day', { validFrom: '2025-10-01' }, [list]],
    ['an earlier note', { earlierNotes: [{ until: '2020-09-30', notes: { includes: ['a'] } }] }, []],
    ['the absence of notes until a day', { earlierNotes: [{ until: '2020-09-30' }] }, []],
    ['a replacement', { replacedBy: [{ from: '2025-10-01', codes: ['A00.1'] }] }, []],
  ])('%s alone removes the key of its code, and its list’s if that shows it', async (_, members, lists) => {
    const others = [icd10Record('A00', { billable: false }), icd10Record('A00.1'), icd10Record('B00')];
    const one = await writeRelease(space.store, '1', { records: [icd10Record('A00.0'), ...others] });
    const two = await writeRelease(space.store, '2', { records: [icd10Record('A00.0', members), ...others] });
    for (const [before, after] of [
      [one, two],
      [two, one],
    ] as const) {
      const { keys } = await changedKeys(space.store, before, after);
      expect(keys.sort()).toEqual(['icd10:A00.0', ...lists]);
    }
  });

  test('a list of its own, as HCPCS has, is removed when an entry of it gets an end date', async () => {
    const hcpcs = (code: string, members: Partial<CodeRecord> = {}): CodeRecord => ({
      ...icd10Record(code, members),
      type: 'hcpcs',
      category: code.slice(0, 1),
    });
    const [same, gone] = [hcpcs('A0001'), hcpcs('G0001')];
    const one = await writeRelease(space.store, '1', { records: [same, gone] });
    const two = await writeRelease(space.store, '2', { records: [same, { ...gone, validTo: '2026-12-31' }] });
    const { keys } = await changedKeys(space.store, one, two);
    expect(keys.sort()).toEqual(['hcpcs:G0001', 'hcpcs:category:G']);
  });

  test('an edition that says nothing new removes nothing, though the day it began is known now', async () => {
    const records = [icd10Record('A00.0', { validFrom: '2020-10-01' }), icd10Record('B00')];
    const one = await writeRelease(space.store, '1', {
      records,
      editions: { icd10: ['2019-10-01', '2020-10-01'] },
    });
    const two = await writeRelease(space.store, '2', {
      records,
      editions: { icd10: ['2019-10-01', '2020-10-01', '2021-10-01'] },
    });
    expect(await changedKeys(space.store, one, two)).toEqual({ keys: [], unreadable: [] });
  });
});
