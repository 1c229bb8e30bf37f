import { editionDayOf, parseDatedSource } from '../../../lambda/catalog/import/edition-day';
import type { CodeType } from '../../../lambda/names/code-types';

test.each<[CodeType, string, string | undefined]>([
  ['icd10', 'icd10cm_order_2025.txt', '2024-10-01'],
  ['icd10', 'icd10cm-order-2021.txt.gz', '2020-10-01'],
  ['icd10', 'ICD10CM_tabular_2026.xml', '2025-10-01'],
  ['icd10', 'icd10cm-order-april-2026.txt', '2026-04-01'],
  ['icd10', 'icd10cm-tabular-2026-april.xml.gz', '2026-04-01'],
  ['icd10', 'icd10cm-order-sample.txt', undefined],
  ['icd10', 'my-codes-2025.csv', undefined],
  ['icd10', 'icd10cm-order-120251.txt', undefined],
  ['cpt', 'CPT2026_LONGULT.TXT', '2026-01-01'],
  ['cpt', 'LONGULT-2026.TXT', '2026-01-01'],
  ['cpt', 'LONGULT.TXT', undefined],
  ['hcpcs', 'HCPC2018_CONTR_ANWEB.txt', undefined],
])('of %s, the name %s means %s', (type, name, day) => {
  expect(editionDayOf(type, name)).toBe(day);
});

test('an option names a file alone or after its day', () => {
  expect(parseDatedSource('a/b.txt', '--icd10')).toEqual({ path: 'a/b.txt' });
  expect(parseDatedSource('2025-10-01=a=b.txt', '--icd10')).toEqual({ path: 'a=b.txt', from: '2025-10-01' });
  expect(parseDatedSource('codes=new.txt', '--icd10')).toEqual({ path: 'codes=new.txt' });
});

test.each(['2025-02-30', '2025-13-01', '20251001', '2025', '2025-1-1'])(
  '%s is no day, and is named',
  (day) => {
    expect(() => parseDatedSource(`${day}=f.txt`, '--icd10')).toThrow(
      `--icd10 "${day}=f.txt" begins with ${day}, which is no day; write DATE=FILE`,
    );
  },
);
