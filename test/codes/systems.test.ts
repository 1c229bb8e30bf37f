import { CODE_SYSTEMS } from '../../lambda/codes/systems';
import { CODE_TYPES, isCodeType } from '../../lambda/names/code-types';

test('the code systems are ICD-10-CM, CPT and HCPCS, and nothing else', () => {
  expect(CODE_TYPES).toEqual(['icd10', 'cpt', 'hcpcs']);
  expect(['icd10', 'cpt', 'hcpcs'].every(isCodeType)).toBe(true);
  expect(['ICD10', 'icd9', '', undefined, {}].some(isCodeType)).toBe(false);
});

test.each([
  ['99202', 'evaluation-and-management'],
  ['99499', 'evaluation-and-management'],
  ['00100', 'anesthesia'],
  ['01999', 'anesthesia'],
  ['99100', 'anesthesia'],
  ['99140', 'anesthesia'],
  ['10004', 'surgery'],
  ['69990', 'surgery'],
  ['70010', 'radiology'],
  ['79999', 'radiology'],
  ['80047', 'pathology-and-laboratory'],
  ['89398', 'pathology-and-laboratory'],
  ['90281', 'medicine'],
  ['99099', 'medicine'],
  ['99141', 'medicine'],
  ['99199', 'medicine'],
  ['99500', 'medicine'],
  ['99607', 'medicine'],
  ['0001F', 'category-ii'],
  ['0042T', 'category-iii'],
  ['0001U', 'pla'],
  ['0002M', 'maaa'],
  ['99201', undefined],
  ['99999', undefined],
])('CPT %s belongs to %s', (code, category) => {
  expect(CODE_SYSTEMS.cpt.category(code)).toBe(category);
});

test('ICD-10-CM and HCPCS codes group by their first characters', () => {
  expect(CODE_SYSTEMS.icd10.category('S82.101A')).toBe('S82');
  expect(CODE_SYSTEMS.hcpcs.category('J1100')).toBe('J');
  expect(CODE_SYSTEMS.hcpcs.shard('J1100')).toBe('J11');
  expect(CODE_SYSTEMS.cpt.shard('99213')).toBe('992');
});

test.each(CODE_TYPES)('%s takes no line break after a code', (type) => {
  const code = { icd10: 'Z00.00', cpt: '99213', hcpcs: 'J1100' }[type];
  expect(CODE_SYSTEMS[type].format.test(code)).toBe(true);
  expect(CODE_SYSTEMS[type].format.test(`${code}\n`)).toBe(false);
});
