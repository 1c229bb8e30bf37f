import { type NotesEdition, notesInForce, notesOver } from '../../../lambda/catalog/build/dated-notes';
import { SmallCatalog } from '../../support/small-catalog';
import { orderLine } from '../../support/source-lines';
import { storedRecord } from './stored-records';

const FIRST = '2020-10-01';
const edition = (from: string | null, note?: string): NotesEdition => ({
  from,
  notes: new Map(note === undefined ? [] : [['A00', { includes: [note] }]]),
});
const over = (...editions: NotesEdition[]) => notesOver('A00', notesInForce(editions, FIRST), FIRST);

test.each([null, '2019-10-01', FIRST])('notes of %s are in force from the beginning', (from) => {
  expect(over(edition(from, 'a'))).toEqual({ notes: { includes: ['a'] } });
});

test('notes of a later day leave the time before it without notes', () => {
  expect(over(edition('2021-10-01', 'a'))).toEqual({
    notes: { includes: ['a'] },
    earlierNotes: [{ until: '2021-09-30' }],
  });
});

test('former notes are kept where they differ, and only there, in whatever order files come', () => {
  const files = [edition('2022-10-01', 'b'), edition(FIRST, 'a'), edition('2021-10-01', 'a')];
  expect(over(...files)).toEqual({
    notes: { includes: ['b'] },
    earlierNotes: [{ until: '2022-09-30', notes: { includes: ['a'] } }],
  });
  expect(over(edition(FIRST, 'a'), edition('2021-10-01'))).toEqual({
    earlierNotes: [{ until: '2021-09-30', notes: { includes: ['a'] } }],
  });
});

test('of notes before the first edition of codes the last are in force', () => {
  expect(over(edition('2018-10-01', 'old'), edition('2019-10-01', 'a'))).toEqual({
    notes: { includes: ['a'] },
  });
});

describe('in a build', () => {
  let space: SmallCatalog;
  beforeEach(() => (space = new SmallCatalog()));
  afterEach(() => space.remove());
  const order = (year: number): string =>
    space.file(`icd10cm_order_${year}.txt`, orderLine('A00', 1, 'Cholera'));
  const tabular = (name: string, note: string): string =>
    space.file(
      name,
      `<?xml version="1.0"?>\n<ICD10CM.tabular><diag><name>A00</name><includes><note>${note}</note></includes></diag></ICD10CM.tabular>`,
    );
  const of2021 = (): string => tabular('icd10cm_tabular_2021.xml', 'a');
  const of2022 = (): string => tabular('icd10cm_tabular_2022.xml', 'b');

  test('file names tell the days of notes', async () => {
    const { manifest } = await space.buildFrom('r', {
      icd10: [order(2021), order(2022)],
      icd10Notes: [of2022(), of2021()],
    });
    expect(manifest.noteEditions).toEqual(['2020-10-01', '2021-10-01']);
    expect(await storedRecord(space, 'r', 'A00')).toMatchObject({
      notes: { includes: ['b'] },
      earlierNotes: [{ until: '2021-09-30', notes: { includes: ['a'] } }],
    });
  });

  test('an older year added to a base leaves the base its notes from their day on', async () => {
    const both = { icd10: [order(2021), order(2022)], icd10Notes: [of2021(), of2022()] };
    const once = await space.buildFrom('once', both);
    await space.buildFrom('base', { icd10: [order(2022)], icd10Notes: [of2022()] });
    const later = await space.buildFrom(
      'later',
      { icd10: [order(2021)], icd10Notes: [of2021()] },
      { base: 'base' },
    );
    expect(later.manifest.objects).toEqual(once.manifest.objects);
    expect(later.manifest.noteEditions).toEqual(once.manifest.noteEditions);
  });

  test('two files of notes of one day are refused', async () => {
    const notes = [tabular('a.xml', 'a'), tabular('b.xml', 'b')];
    await expect(space.buildFrom('r', { icd10: [order(2021)], icd10Notes: notes })).rejects.toThrow(
      'Two files of notes are in force from the beginning. Write --icd10-notes DATE=FILE',
    );
  });
});
