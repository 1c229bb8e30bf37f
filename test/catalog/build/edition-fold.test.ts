import { type Fold, foldByEdition, foldByRecords } from '../../../lambda/catalog/build/edition-fold';
import { canonicalRecord } from '../../../lambda/catalog/build/state-changes';
import type { CodeRecord } from '../../../lambda/codes/record';
import type { CodeType } from '../../../lambda/names/code-types';

type Row = Partial<CodeRecord> & { code: string };

function edition(type: CodeType, from: string | undefined, rows: readonly Row[]) {
  const records = rows.map((row): [string, CodeRecord] => [
    row.code,
    {
      type,
      category: row.code.slice(0, type === 'hcpcs' ? 1 : 3),
      description: `text of ${row.code}`,
      shortDescription: row.code,
      billable: true,
      ...row,
    },
  ]);
  return { from, records: new Map(records) };
}

function folded(
  fold: Fold,
  type: CodeType,
  editions: readonly (readonly [from: string | undefined, rows: readonly Row[]])[],
): CodeRecord[] {
  let known = new Map<string, CodeRecord>();
  for (const [from, rows] of editions) known = fold(known, edition(type, from, rows));
  return [...known.values()].map(canonicalRecord);
}

const icd10 = (...editions: (readonly [string | undefined, readonly Row[]])[]): CodeRecord[] =>
  folded(foldByEdition, 'icd10', editions);
const hcpcs = (...editions: (readonly [string | undefined, readonly Row[]])[]): CodeRecord[] =>
  folded(foldByRecords, 'hcpcs', editions);
const [Y2021, Y2022, Y2023] = ['2020-10-01', '2021-10-01', '2022-10-01'];

test('a lone edition, dated or not, gives its records as they are, without days', () => {
  for (const from of [undefined, Y2021]) {
    const [record] = icd10([from, [{ code: 'A00.0' }]]);
    expect(record).toEqual({
      type: 'icd10',
      code: 'A00.0',
      description: 'text of A00.0',
      shortDescription: 'A00.0',
      category: 'A00',
      billable: true,
    });
  }
});

test('editions that say the same of a code make one state, which has no end', () => {
  expect(icd10([Y2021, [{ code: 'A00' }]], [Y2022, [{ code: 'A00' }]])).toEqual(
    icd10([Y2021, [{ code: 'A00' }]]),
  );
});

test.each([
  ['its description', { description: 'new' }],
  ['its short description', { shortDescription: 'new' }],
  ['whether it is billable', { billable: false }],
])('an edition that changes %s ends the state on the day before', (_, change) => {
  const [record] = icd10([Y2021, [{ code: 'M54.5' }]], [Y2022, [{ code: 'M54.5', ...change }]]);
  expect(record).toMatchObject({
    ...change,
    validFrom: Y2022,
    earlier: [{ validTo: '2021-09-30', billable: true, description: 'text of M54.5' }],
  });
  expect(record?.earlier?.[0]).not.toHaveProperty('validFrom');
  expect(record).not.toHaveProperty('validTo');
});

test('a code that an edition leaves out has ended the day before, and one that is new begins with it', () => {
  const [ended, fresh] = icd10([Y2021, [{ code: 'A00' }]], [Y2022, [{ code: 'B00' }]]);
  expect([ended, fresh].map((each) => [each?.code, each?.validFrom, each?.validTo]).sort()).toEqual([
    ['A00', undefined, '2021-09-30'],
    ['B00', Y2022, undefined],
  ]);
});

test('a code that comes back after a gap has two states, even if it says the same', () => {
  const [, record] = icd10(
    [Y2021, [{ code: 'A00' }, { code: 'A00.1' }]],
    [Y2022, [{ code: 'A00' }]],
    [Y2023, [{ code: 'A00' }, { code: 'A00.1' }]],
  );
  expect(record).toMatchObject({ code: 'A00.1', validFrom: Y2023, earlier: [{ validTo: '2021-09-30' }] });
});

test('the order is that of the newest edition, and an older code stands behind its neighbour', () => {
  const codes = icd10(
    [Y2021, [{ code: 'A00' }, { code: 'A00.9' }, { code: 'A00.1' }, { code: 'A00.2' }]],
    [Y2022, [{ code: 'A00' }, { code: 'A00.2' }, { code: 'A00.9' }]],
  ).map(({ code }) => code);
  expect(codes).toEqual(['A00', 'A00.2', 'A00.9', 'A00.1']);
});

test('a code that stood first in its category stays there, whatever stands before the category now', () => {
  const codes = icd10(
    [Y2021, [{ code: 'A09' }, { code: 'C7A' }, { code: 'C7A.0' }]],
    [Y2022, [{ code: 'C7A.0' }, { code: 'A09' }]],
  ).map(({ code }) => code);
  expect(codes).toEqual(['C7A', 'C7A.0', 'A09']);
});

test('an edition of many codes under one of few is merged in a moment', () => {
  const many = Array.from({ length: 60_000 }, (_, at) => ({ code: `A00.${at}` }));
  const records = icd10([Y2021, [...many, { code: 'A00' }]], [Y2022, [{ code: 'A00' }]]);
  expect(records).toHaveLength(60_001);
  expect(records.at(-1)?.code).toBe('A00');
});

describe('HCPCS, whose records carry their own dates', () => {
  const OLD = { code: 'J1100', validFrom: '2010-01-01' };

  test('dates of one file are those of its records', () => {
    expect(hcpcs(['2016-01-01', [{ ...OLD, validTo: '2015-12-31' }]])).toEqual([
      expect.objectContaining({ validFrom: '2010-01-01', validTo: '2015-12-31' }),
    ]);
  });

  test('a later file that names an end, or takes it back, is believed', () => {
    const open = ['2016-01-01', [OLD]] as const;
    const ends = ['2017-01-01', [{ ...OLD, validTo: '2017-06-30' }]] as const;
    expect(hcpcs(open, ends)[0]).toMatchObject({ validFrom: '2010-01-01', validTo: '2017-06-30' });
    const again = hcpcs(open, ends, ['2017-04-01', [OLD]])[0];
    expect(again).not.toHaveProperty('validTo');
    expect(again).not.toHaveProperty('earlier');
  });

  test('a code that a later file leaves out ended the day before, unless it had an end', () => {
    const gone = hcpcs(
      ['2016-01-01', [OLD, { ...OLD, code: 'J1110', validTo: '2015-12-31' }]],
      ['2018-01-01', [{ code: 'J9999', validFrom: '2018-01-01' }]],
    );
    expect(Object.fromEntries(gone.map(({ code, validTo }) => [code, validTo]))).toEqual({
      J1100: '2017-12-31',
      J1110: '2015-12-31',
      J9999: undefined,
    });
  });

  test('a new wording holds from the day of its file', () => {
    const [record] = hcpcs(['2016-01-01', [OLD]], ['2018-01-01', [{ ...OLD, description: 'new' }]]);
    expect(record).toMatchObject({
      description: 'new',
      validFrom: '2018-01-01',
      earlier: [{ description: 'text of J1100', validFrom: '2010-01-01', validTo: '2017-12-31' }],
    });
  });

  test('a new wording of what had ended before its file makes no state of its own', () => {
    const [record] = hcpcs(
      ['2016-01-01', [{ ...OLD, validTo: '2015-12-31' }]],
      ['2018-01-01', [{ ...OLD, validTo: '2015-12-31', description: 'better' }]],
    );
    expect(record).toMatchObject({ description: 'better', validFrom: '2010-01-01', validTo: '2015-12-31' });
    expect(record).not.toHaveProperty('earlier');
  });

  test('a code that was added again after its end has a gap', () => {
    const [record] = hcpcs(
      ['2016-01-01', [{ ...OLD, validTo: '2015-12-31' }]],
      ['2018-01-01', [{ ...OLD, validFrom: '2017-07-01' }]],
    );
    expect(record).toMatchObject({
      validFrom: '2017-07-01',
      earlier: [{ validFrom: '2010-01-01', validTo: '2015-12-31' }],
    });
  });

  test('a code that was only announced, and is not in the next file, never came', () => {
    const announced = { ...OLD, code: 'J2000', validFrom: '2018-06-01' };
    expect(hcpcs(['2018-01-01', [OLD, announced]], ['2018-04-01', [OLD]]).map(({ code }) => code)).toEqual([
      'J1100',
    ]);
  });

  test('an announcement that is worded anew before its day is one state', () => {
    const announced = { ...OLD, validFrom: '2018-06-01' };
    const [record] = hcpcs(
      ['2018-01-01', [announced]],
      ['2018-04-01', [{ ...announced, description: 'new' }]],
    );
    expect(record).toMatchObject({ description: 'new', validFrom: '2018-06-01' });
    expect(record).not.toHaveProperty('earlier');
  });

  test('a code without dates begins with the file that has it first', () => {
    const [, fresh] = hcpcs(['2016-01-01', [OLD]], ['2018-01-01', [OLD, { code: 'J9999' }]]);
    expect(fresh).toMatchObject({ code: 'J9999', validFrom: '2018-01-01' });
  });
});
