import { generatedRecords, picked } from '../../bench/records';
import type { CodeRecord } from '../../lambda/codes/record';
import { CODE_SYSTEMS } from '../../lambda/codes/systems';

const text = (code: string): CodeRecord => ({
  type: 'icd10',
  code,
  description: `Sample: the long words of ${code}`,
  shortDescription: `Sample ${code}`,
  category: code,
  billable: true,
});

describe('the records of a bench', () => {
  it('are generated under codes of their own, in every letter and in the format of real ones', () => {
    const records = generatedRecords([text('A00'), text('B00')], 95_000);
    expect(new Set(records.map(({ code }) => code)).size).toBe(95_000);
    expect(records.every(({ code }) => CODE_SYSTEMS.icd10.format.test(code))).toBe(true);
    expect(new Set(records.map(({ code }) => code[0])).size).toBe(26);
  });

  it('are picked evenly from all, each once, in an order that repeats', () => {
    const records = generatedRecords([text('A00')], 1_000);
    const chosen = picked(records, 100);
    expect(new Set(chosen.map(({ code }) => code)).size).toBe(100);
    expect(new Set(chosen.map(({ category }) => category[0])).size).toBeGreaterThan(20);
    expect(chosen).toEqual(picked(records, 100));
    expect(chosen).not.toEqual(chosen.toSorted((a, b) => a.code.localeCompare(b.code)));
    expect(picked(records, 5_000)).toHaveLength(1_000);
  });
});
