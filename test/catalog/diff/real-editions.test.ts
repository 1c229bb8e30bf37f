import { join } from 'node:path';
import { type CatalogDiff, diffReleases } from '../../../lambda/catalog/diff/release-diff';
import { SmallCatalog } from '../../support/small-catalog';

const real = process.env.REAL_DATA_DIR;
const YEARS = ['2021', '2022', '2025'] as const;

(real === undefined ? describe.skip : describe)('with real editions (needs REAL_DATA_DIR)', () => {
  const space = new SmallCatalog();
  const order = (year: string): string => join(real ?? '', `icd10cm-order-${year}.txt.gz`);

  beforeAll(async () => {
    await space.buildFrom('all', { icd10: YEARS.map(order) });
    for (const year of YEARS) await space.buildFrom(year, { icd10: [order(year)] });
  });
  afterAll(() => space.remove());

  test.each([
    ['2021', '2020-10-01', '2022', '2021-10-01', { billableAdded: 159, billableRemoved: 32 }],
    ['2022', '2021-10-01', '2025', '2024-10-01', { billableAdded: 1_865, billableRemoved: 353 }],
  ])(
    'from %s to %s editions differ as the releases of their files do',
    async (from, on, to, then, counts) => {
      const releases = await diffReleases(space.store, { release: from }, { release: to });
      const days = await diffReleases(space.store, { release: 'all', on }, { release: 'all', on: then });
      expect(days.types.icd10).toMatchObject(counts);
      // A release of one edition does not know when codes ended, nor counts those that did.
      const known = ({ types: { icd10 } }: CatalogDiff): object => ({
        ...icd10,
        before: { billable: icd10?.before.billable, header: icd10?.before.header },
        after: { billable: icd10?.after.billable, header: icd10?.after.header },
        ended: icd10?.ended.map(({ code, description, billable }) => ({ code, description, billable })),
      });
      expect(known(days)).toEqual(known(releases));
      expect(new Set(days.types.icd10?.ended.map(({ lastDay }) => lastDay)).size).toBe(1);
    },
  );

  test('a release that got older editions says nothing else of the newest’s day', async () => {
    const diff = await diffReleases(
      space.store,
      { release: '2025', on: '2024-10-01' },
      { release: 'all', on: '2024-10-01' },
    );
    expect(diff.types.icd10).toMatchObject({
      added: [],
      ended: [],
      revised: [],
      notes: [],
      billableAdded: 0,
    });
  });
});
