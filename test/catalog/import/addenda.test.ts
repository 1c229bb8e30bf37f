import { type Amended, applyAddenda, isAddenda } from '../../../lambda/catalog/import/addenda';
import { BadLines } from '../../../lambda/catalog/import/import-error';
import { SourceFile } from '../../../lambda/catalog/import/source-file';
import type { CodeRecord } from '../../../lambda/codes/record';
import { SmallCatalog } from '../../support/small-catalog';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

function records(...codes: [code: string, billable: boolean, text: string][]): Map<string, CodeRecord> {
  return new Map(
    codes.map(([code, billable, description]) => [
      code,
      {
        type: 'icd10',
        code,
        category: code.slice(0, 3),
        billable,
        description,
        shortDescription: description,
      },
    ]),
  );
}

const BEFORE = records(
  ['M54', false, 'Dorsalgia'],
  ['M54.5', true, 'Low back pain'],
  ['M54.8', false, 'Other dorsalgia'],
  ['M54.89', true, 'Other dorsalgia, sample'],
);

/** A change in the columns of the order file, after its keyword. */
const change = (kind: string, flag: 0 | 1, code: string, text: string): string =>
  `${`${kind}:`.padEnd(14)}${code.padEnd(8)}${flag} ${text.padEnd(60)} ${text}`;

async function amended(lines: readonly string[], bad = new BadLines(false)): Promise<Amended> {
  const file = await SourceFile.open(space.file('addenda.txt', `${lines.join('\r\n')}\r\n`));
  return applyAddenda(file, BEFORE, '2021-10-01', bad);
}

const said = ({ records: all }: Amended): string[] =>
  [...all.values()].map(({ code, billable, description }) => `${code} ${billable ? 1 : 0} ${description}`);

const LOW_BACK_PAIN = [
  'ICD-10-CM addenda: a sample, with a title and an empty line',
  '',
  change('Delete', 1, 'M545', 'Low back pain'),
  change('Add', 0, 'M545', 'Low back pain'),
  change('Add', 1, 'M5450', 'Low back pain, unspecified'),
  change('Add', 1, 'M5459', 'Other low back pain'),
];

test('a code turns header: deleted as billable, added as header, with its new codes beneath', async () => {
  const result = await amended(LOW_BACK_PAIN);
  expect(said(result)).toEqual([
    'M54 0 Dorsalgia',
    'M54.5 0 Low back pain',
    'M54.50 1 Low back pain, unspecified',
    'M54.59 1 Other low back pain',
    'M54.8 0 Other dorsalgia',
    'M54.89 1 Other dorsalgia, sample',
  ]);
  expect(result.changes).toBe(4);
  expect(result.conversions).toEqual([
    { previous: 'M54.5', code: 'M54.50', from: '2021-10-01' },
    { previous: 'M54.5', code: 'M54.59', from: '2021-10-01' },
  ]);
  expect(said({ ...result, records: BEFORE })).toHaveLength(4);
});

test('flag and code may stand in either order, the code with its dot', async () => {
  const result = await amended([
    'Delete: 1 M54.89 Other dorsalgia, sample',
    'Add: 1 M54.81  Short  The long one',
  ]);
  expect(said(result)).toEqual([
    'M54 0 Dorsalgia',
    'M54.5 1 Low back pain',
    'M54.8 0 Other dorsalgia',
    'M54.81 1 The long one',
  ]);
  expect(result.records.get('M54.81')?.shortDescription).toBe('Short');
});

test('a revision changes a text, or the code itself, which the new one then replaces', async () => {
  const result = await amended([
    change('Revise from', 1, 'M545', 'Low back pain'),
    change('Revise to', 1, 'M545', 'Pain of the low back'),
    change('Revise from', 1, 'M5489', 'Other dorsalgia, sample'),
    change('Revise to', 1, 'M5488', 'Other dorsalgia, sample'),
  ]);
  expect(said(result)).toEqual([
    'M54 0 Dorsalgia',
    'M54.5 1 Pain of the low back',
    'M54.8 0 Other dorsalgia',
    'M54.88 1 Other dorsalgia, sample',
  ]);
  expect(result.conversions).toEqual([{ previous: 'M54.89', code: 'M54.88', from: '2021-10-01' }]);
});

test('new codes keep to their category, and those of a new category come last', async () => {
  const result = await amended([change('Add', 0, 'A09', 'New'), change('Add', 1, 'M5490', 'Last')]);
  expect([...result.records.keys()]).toEqual(['M54', 'M54.5', 'M54.8', 'M54.89', 'M54.90', 'A09']);
});

test.each([
  [[change('Delete', 1, 'M549', 'x')], 1, 'M54.9, which the edition before does not have'],
  [[change('Add', 1, 'M545', 'x')], 1, 'adds M54.5, which is there already'],
  [[change('Delete', 0, 'M545', 'Low back pain')], 1, 'M54.5 is billable in the edition before'],
  [[change('Delete', 1, 'M545', 'Another pain')], 1, 'M54.5 reads differently in the edition before'],
  [[change('Revise from', 1, 'M545', 'Another')], 1, 'M54.5 reads differently in the edition before'],
  [[change('Revise to', 1, 'M545', 'x')], 1, 'no "Revise from:" stands before it'],
  [[change('Revise from', 1, 'M545', 'Low back pain')], 1, 'no "Revise to:" follows it'],
  [
    [change('Revise from', 1, 'M545', 'Low back pain'), change('Add', 1, 'M549', 'x')],
    1,
    'no "Revise to:" follows it',
  ],
  [['Add: 2 M549 x'], 1, 'it is not a change of a code'],
])('%j is a bad line', async (lines, line, reason) => {
  await expect(amended(lines)).rejects.toThrow(reason);
  const bad = new BadLines(true);
  await amended(lines, bad);
  expect(bad.listed[0]).toEqual({ file: 'addenda.txt', line, reason: expect.stringContaining(reason) });
});

test('addenda are told by their keywords', () => {
  expect(isAddenda(LOW_BACK_PAIN)).toBe(true);
  expect(isAddenda(['00001 A00     0 Cholera'])).toBe(false);
});
