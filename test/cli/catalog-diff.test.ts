import { parse } from 'csv-parse/sync';
import type { CatalogDiff } from '../../lambda/catalog/diff/release-diff';
import type { CrosswalkLink } from '../../lambda/codes/record';
import { type CliRun, runCodes } from '../support/codes-cli';
import { SmallCatalog } from '../support/small-catalog';
import { icd10Record as record, writeRelease } from '../support/written-release';

const space = new SmallCatalog();
afterAll(() => space.remove());

const diff = (...args: string[]): Promise<CliRun> =>
  runCodes(['catalog', 'diff', ...args, '--store', space.store.url]);

beforeAll(async () => {
  const editions = { icd10: ['2020-10-01', '2021-10-01'] };
  const records = [
    record('M54.5', {
      billable: false,
      validFrom: '2021-10-01',
      earlier: [
        {
          validTo: '2021-09-30',
          billable: true,
          description: 'SAMPLE M54.5 in full',
          shortDescription: 'SAMPLE M54.5',
        },
      ],
      replacedBy: [{ from: '2021-10-01', codes: ['M54.50', 'M54.59'] }],
    }),
    record('M54.50', { description: 'SAMPLE "new", with a comma', validFrom: '2021-10-01' }),
    record('M54.59', { validFrom: '2021-10-01' }),
    record('M54.8', { validTo: '2021-09-30' }),
    record('M54.9', { notes: { includes: ['a\nb'] }, earlierNotes: [{ until: '2021-09-30' }] }),
  ];
  const links = (relationship: string): Record<string, CrosswalkLink[]> => ({
    'M54.9': [{ cpt: '99213', relationship, sources: ['s'] }],
  });
  await writeRelease(space.store, 'r', { records, editions, links: links('covered') });
  await writeRelease(space.store, 'next', { records, editions, links: links('not-covered') });
  await space.publish('next');
});

test('two days of a release read as lists of what began, ended and turned', async () => {
  const { stdout, exitCode } = await diff('r@2020-10-01', 'r@2021-10-01', '--limit', '1');
  expect(exitCode).toBe(0);
  expect(stdout).toBe(`From release r on 2020-10-01 to release r on 2021-10-01:

ICD-10-CM: 3 → 4 codes, 3 → 3 billable (+2, −2), 0 → 1 ended
2 added:
  + M54.50  SAMPLE "new", with a comma
  … 1 more (--limit, --json, --csv)
1 ended:
  - M54.8  SAMPLE M54.8 in full (last day 2021-09-30)
1 turned header:
  ~ M54.5  SAMPLE M54.5 in full
    instead: M54.50, M54.59
1 with changed notes:
  ~ M54.9
    + includes: a\nb
`);
});

test('--csv has a row per change, whatever marks its texts hold', async () => {
  const { stdout } = await diff('r@2020-10-01', 'r@2021-10-01', '--csv');
  expect(parse(stdout)).toEqual([
    ['system', 'code', 'change', 'before', 'after'],
    ['icd10', 'M54.50', 'added', '', 'SAMPLE "new", with a comma'],
    ['icd10', 'M54.59', 'added', '', 'SAMPLE M54.59 in full'],
    ['icd10', 'M54.8', 'ended', 'SAMPLE M54.8 in full', '2021-09-30'],
    ['icd10', 'M54.5', 'turnedHeader', 'billable', 'header'],
    ['icd10', 'M54.5', 'replacedBy', '', 'M54.50 M54.59'],
    ['icd10', 'M54.9', 'notes.includes', '', 'a\nb'],
  ]);
});

test('one side alone is compared with the live release, on its own day', async () => {
  const whole = await diff('r', '--csv');
  expect(whole.stdout).toContain('\ncrosswalk,M54.9,relationshipChanged,99213 covered,99213 not-covered\n');
  const dated = await diff('r@2020-10-01', '--json');
  expect(JSON.parse(dated.stdout) as CatalogDiff).toMatchObject({
    from: { release: 'r', on: '2020-10-01' },
    to: { release: 'next', on: '2020-10-01' },
    types: { icd10: { before: { total: 3 }, added: [], ended: [] } },
  });
  const live = await diff('@2020-10-01', '@2021-10-01', '--json');
  expect(JSON.parse(live.stdout) as CatalogDiff).toMatchObject({
    from: { release: 'next', on: '2020-10-01' },
    to: { release: 'next', on: '2021-10-01' },
    types: { icd10: { billableAdded: 2, billableRemoved: 2 } },
  });
});

test('a day before the first edition is said, not taken for an empty system', async () => {
  const { stdout } = await diff('r@2019-01-01', 'r@2021-10-01');
  expect(stdout).toContain(
    'ICD-10-CM: not compared, because release r knows nothing of it on 2019-01-01; its first edition is of 2020-10-01',
  );
});

test('--csv and --json at once are refused, and so is a day on one side alone', async () => {
  const both = await diff('r', '--csv', '--json');
  expect(both.exitCode).toBe(2);
  expect(JSON.parse(both.stdout)).toMatchObject({ error: { code: 'USAGE' } });
  const half = await diff('r@2021-10-01', 'next');
  expect(half).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('give one to both'),
  });
});
