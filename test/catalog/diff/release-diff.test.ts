import { diffReleases } from '../../../lambda/catalog/diff/release-diff';
import { layout } from '../../../lambda/catalog/layout';
import { parseRecordShard } from '../../../lambda/catalog/shards';
import type { CodeRecord, CodeState, CrosswalkLink } from '../../../lambda/codes/record';
import { SmallCatalog } from '../../support/small-catalog';
import { WatchedStore } from '../../support/watched-store';
import { icd10Record as record, writeRelease } from '../../support/written-release';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

/** A state of `SAMPLE <code>` before the last. */
const state = (code: string, members: Partial<CodeState>): CodeState => ({
  billable: true,
  description: `SAMPLE ${code} in full`,
  shortDescription: `SAMPLE ${code}`,
  ...members,
});
const hcpcs = (code: string, members: Partial<CodeRecord>): CodeRecord => ({
  ...record(code, members),
  type: 'hcpcs',
  category: code.slice(0, 1),
});
const link = (cpt: string, relationship = 'covered', source = 's'): CrosswalkLink => ({
  cpt,
  relationship,
  sources: [source],
});
const byName = (release: string, on?: string): { release: string; on?: string | undefined } => ({
  release,
  on,
});
const NOTHING = {
  added: [],
  ended: [],
  revised: [],
  shortRevised: [],
  turnedHeader: [],
  turnedBillable: [],
  notes: [],
  otherwiseChanged: [],
  billableAdded: 0,
  billableRemoved: 0,
};

describe('two whole releases', () => {
  test('differ by what is last known of every code', async () => {
    await writeRelease(space.store, '1', {
      records: [
        record('A00', { billable: false }),
        record('A00.0'),
        record('A00.1', { description: 'old text' }),
        record('A00.2', { shortDescription: 'old' }),
        record('A00.3', { billable: false }),
        record('M54.5'),
        record('M54.8'),
        record('M54.9', { validTo: '2020-09-30' }),
      ],
    });
    await writeRelease(space.store, '2', {
      records: [
        record('A00', { billable: false }),
        record('A00.1', { description: 'new text', shortDescription: 'new' }),
        record('A00.2', { shortDescription: 'new' }),
        record('A00.3'),
        record('M54.5', {
          billable: false,
          replacedBy: [{ from: '2021-10-01', codes: ['M54.50', 'M54.51'] }],
        }),
        record('M54.50'),
        record('M54.8', { validTo: '2021-09-30', replacedBy: [{ from: '2021-10-01', codes: ['M54.9'] }] }),
        record('M54.9', { earlier: [state('M54.9', { validTo: '2020-09-30' })], validFrom: '2021-10-01' }),
      ],
    });
    expect(await diffReleases(space.store, byName('1'), byName('2'))).toEqual({
      from: { release: '1' },
      to: { release: '2' },
      notCompared: [],
      types: {
        icd10: {
          before: { total: 8, billable: 5, header: 2, ended: 1 },
          after: { total: 8, billable: 5, header: 2, ended: 1 },
          added: [
            { code: 'M54.50', description: 'SAMPLE M54.50 in full', billable: true },
            { code: 'M54.9', description: 'SAMPLE M54.9 in full', billable: true },
          ],
          ended: [
            {
              code: 'A00.0',
              description: 'SAMPLE A00.0 in full',
              billable: true,
              lastDay: null,
              replacedBy: [],
            },
            {
              code: 'M54.8',
              description: 'SAMPLE M54.8 in full',
              billable: true,
              lastDay: '2021-09-30',
              replacedBy: ['M54.9'],
            },
          ],
          revised: [{ code: 'A00.1', before: 'old text', after: 'new text' }],
          shortRevised: [{ code: 'A00.2', before: 'old', after: 'new' }],
          turnedHeader: [
            { code: 'M54.5', description: 'SAMPLE M54.5 in full', replacedBy: ['M54.50', 'M54.51'] },
          ],
          turnedBillable: [{ code: 'A00.3', description: 'SAMPLE A00.3 in full' }],
          notes: [],
          otherwiseChanged: [],
          billableAdded: 3,
          billableRemoved: 3,
        },
      },
    });
    await expect(diffReleases(space.store, byName('1'), byName('3'))).rejects.toThrow(
      'Release 3 is not complete',
    );
  });

  test('differ in notes by kind, and in their order only otherwise', async () => {
    await writeRelease(space.store, '1', {
      records: [
        record('A00', { notes: { includes: ['a', 'b'], excludes1: ['x'], excludes2: ['e'] } }),
        record('A01', { notes: { notes: ['first', 'second'] } }),
        record('A02'),
      ],
    });
    await writeRelease(space.store, '2', {
      records: [
        record('A00', { notes: { includes: ['b', 'c'], excludes1: ['x'], codeFirst: ['d'] } }),
        record('A01', { notes: { notes: ['second', 'first'] } }),
        record('A02', { notes: { excludes2: ['y'] } }),
      ],
    });
    const { types } = await diffReleases(space.store, byName('1'), byName('2'));
    expect(types.icd10).toMatchObject({
      notes: [
        {
          code: 'A00',
          changes: [
            { kind: 'includes', removed: ['a'], added: ['c'] },
            { kind: 'excludes2', removed: ['e'], added: [] },
            { kind: 'codeFirst', removed: [], added: ['d'] },
          ],
        },
        { code: 'A02', changes: [{ kind: 'excludes2', removed: [], added: ['y'] }] },
      ],
      otherwiseChanged: ['A01'],
    });
  });

  test.each<[string, Partial<CodeRecord>]>([
    ['an earlier state', { earlier: [state('A00', { validTo: '2020-09-30' })] }],
    ['a first day', { validFrom: '2020-10-01' }],
    ['earlier notes', { earlierNotes: [{ until: '2020-09-30', notes: { includes: ['a'] } }] }],
    ['a replacement', { replacedBy: [{ from: '2020-10-01', codes: ['A01'] }] }],
  ])('in which %s alone came to a code: it is changed otherwise', async (_, members) => {
    await writeRelease(space.store, '1', { records: [record('A00'), record('A01')] });
    await writeRelease(space.store, '2', { records: [record('A00', members), record('A01')] });
    const { types } = await diffReleases(space.store, byName('1'), byName('2'));
    expect(types.icd10).toMatchObject({ ...NOTHING, otherwiseChanged: ['A00'] });
  });

  test('differ in links, per diagnosis, and in nothing where there are none', async () => {
    const records = [record('A00')];
    await writeRelease(space.store, '0', { records });
    await writeRelease(space.store, '1', {
      records,
      links: { A00: [link('99213'), link('99214'), link('99215'), link('99216')], 'B00.1': [link('99213')] },
    });
    await writeRelease(space.store, '2', {
      records,
      links: {
        A00: [link('99213'), link('99214', 'not-covered'), link('99215', 'covered', 't'), link('99217')],
        'B00.1': [link('99213')],
      },
    });
    await writeRelease(space.store, 'bare', { records });
    const { crosswalk } = await diffReleases(space.store, byName('1'), byName('2'));
    expect(crosswalk).toEqual({
      before: 5,
      after: 5,
      changes: [
        {
          icd10: 'A00',
          added: [{ cpt: '99217', relationship: 'covered' }],
          removed: [{ cpt: '99216', relationship: 'covered' }],
          relationshipChanged: [{ cpt: '99214', before: 'covered', after: 'not-covered' }],
          sourcesChanged: ['99215'],
        },
      ],
    });
    expect(await diffReleases(space.store, byName('0'), byName('bare'))).not.toHaveProperty('crosswalk');
  });

  test('are not read where their objects are equal', async () => {
    await writeRelease(space.store, '1', {
      records: [record('A00'), record('B00')],
      links: { A00: [link('99213')] },
    });
    await writeRelease(space.store, '2', {
      records: [record('A00'), record('B00', { description: 'new' })],
      links: { A00: [link('99213')] },
    });
    const store = new WatchedStore(space.store);
    await diffReleases(store, byName('1'), byName('2'));
    const shards = store.gets.filter((key) => !key.endsWith('manifest.json'));
    expect(shards.sort()).toEqual([layout.codes('1', 'icd10', 'B00'), layout.codes('2', 'icd10', 'B00')]);
  });
});

describe('two days', () => {
  const records = [
    record('M54', { billable: false }),
    record('M54.5', {
      billable: false,
      validFrom: '2021-10-01',
      earlier: [state('M54.5', { validTo: '2021-09-30' })],
      replacedBy: [{ from: '2021-10-01', codes: ['M54.50'] }],
      notes: { excludes1: ['new'] },
      earlierNotes: [{ until: '2021-09-30', notes: { excludes1: ['old'] } }],
    }),
    record('M54.50', { validFrom: '2021-10-01' }),
    record('M54.6', {
      description: 'third',
      validFrom: '2024-10-01',
      earlier: [
        state('M54.6', { description: 'first', validTo: '2021-09-30' }),
        state('M54.6', { description: 'second', validFrom: '2021-10-01', validTo: '2024-09-30' }),
      ],
    }),
    // In between it did not exist.
    record('M54.7', { validFrom: '2024-10-01', earlier: [state('M54.7', { validTo: '2021-09-30' })] }),
    record('M54.8', { validTo: '2021-09-30', replacedBy: [{ from: '2021-10-01', codes: ['M54.50'] }] }),
    record('M54.9', { validFrom: '2024-10-01' }),
    hcpcs('G0001', { validFrom: '2003-01-01', validTo: '2020-12-31' }),
    hcpcs('G0002', { validFrom: '2003-01-01' }),
    { ...record('99213'), type: 'cpt' as const, category: 'evaluation-and-management' },
  ];
  const editions = { icd10: ['2020-10-01', '2021-10-01', '2024-10-01'], cpt: ['2022-01-01'] };
  const sample = (code: string, billable = true): object => ({
    code,
    description: `SAMPLE ${code} in full`,
    billable,
  });
  beforeEach(() => writeRelease(space.store, 'r', { records, editions }));

  test('of one release differ by what is active on them', async () => {
    const { types, notCompared } = await diffReleases(
      space.store,
      byName('r', '2020-12-31'),
      byName('r', '2021-10-01'),
    );
    expect(types.icd10).toEqual({
      ...NOTHING,
      before: { total: 5, billable: 4, header: 1, ended: 0 },
      after: { total: 5, billable: 2, header: 2, ended: 1 },
      added: [sample('M54.50')],
      ended: [
        { ...sample('M54.7'), lastDay: '2021-09-30', replacedBy: [] },
        { ...sample('M54.8'), lastDay: '2021-09-30', replacedBy: ['M54.50'] },
      ],
      revised: [{ code: 'M54.6', before: 'first', after: 'second' }],
      turnedHeader: [{ code: 'M54.5', description: 'SAMPLE M54.5 in full', replacedBy: ['M54.50'] }],
      notes: [{ code: 'M54.5', changes: [{ kind: 'excludes1', removed: ['old'], added: ['new'] }] }],
      billableAdded: 1,
      billableRemoved: 3,
    });
    expect(types.hcpcs).toMatchObject({
      before: { billable: 2, ended: 0 },
      after: { billable: 1, ended: 1 },
      ended: [{ ...sample('G0001'), lastDay: '2020-12-31', replacedBy: [] }],
    });
    expect(types.cpt).toBeUndefined();
    expect(notCompared).toEqual([{ type: 'cpt', release: 'r', on: '2020-12-31', firstDay: '2022-01-01' }]);
  });

  test('the other way round give the opposite', async () => {
    const { types } = await diffReleases(space.store, byName('r', '2024-10-01'), byName('r', '2021-09-30'));
    expect(types.icd10).toMatchObject({
      added: [sample('M54.8')],
      ended: [{ ...sample('M54.50') }, { ...sample('M54.9') }],
      revised: [{ code: 'M54.6', before: 'third', after: 'first' }],
      turnedBillable: [{ code: 'M54.5' }],
      billableAdded: 2,
      billableRemoved: 2,
    });
  });

  test('within one edition are the same, and every shard of records is read once', async () => {
    const store = new WatchedStore(space.store);
    const { types } = await diffReleases(store, byName('r', '2022-01-01'), byName('r', '2024-09-30'));
    expect(types).toMatchObject({ icd10: NOTHING, cpt: NOTHING, hcpcs: NOTHING });
    const shards = store.gets.filter((key) => !key.endsWith('manifest.json'));
    expect(shards.sort()).toEqual([
      layout.codes('r', 'cpt', '992'),
      layout.codes('r', 'hcpcs', 'G00'),
      layout.codes('r', 'icd10', 'M54'),
    ]);
    for (const key of shards) expect(parseRecordShard((await space.store.get(key))!)).not.toEqual([]);
  });

  test('one day of two releases differs in what is answered on it, and not in what comes later', async () => {
    const later = records.map((each) => {
      if (each.code === 'M54.50') return { ...each, validTo: '2026-09-30' };
      return each.code === 'M54.9' ? { ...each, description: 'revised' } : each;
    });
    await writeRelease(space.store, 'r2', { records: later, editions });
    const { types } = await diffReleases(space.store, byName('r', '2022-06-01'), byName('r2', '2022-06-01'));
    expect(types).toMatchObject({
      icd10: { ...NOTHING, otherwiseChanged: ['M54.50'] },
      cpt: NOTHING,
      hcpcs: NOTHING,
    });
  });

  test('a day compares only with a day', async () => {
    await expect(diffReleases(space.store, byName('r', '2022-06-01'), byName('r'))).rejects.toThrow(
      'give one to both',
    );
  });
});
