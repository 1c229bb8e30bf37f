import { parseCategory, parseCode, parseProcedure, parseTeamId } from '../../lambda/codes/parse';
import type { CodeType } from '../../lambda/names/code-types';
import { AppError } from '../../lambda/names/errors';

function refusal(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('a code in any accepted spelling', () => {
  test.each<[CodeType, string, string]>([
    ['icd10', 'Z00.00', 'Z00.00'],
    ['icd10', 'z0000', 'Z00.00'],
    ['icd10', '  z00.00\t', 'Z00.00'],
    ['icd10', 'z00', 'Z00'],
    ['icd10', 'ICD-10 z0000', 'Z00.00'],
    ['icd10', 'icd10cm: U071', 'U07.1'],
    ['icd10', 'ICD-10-CM S82101A', 'S82.101A'],
    ['icd10', 'qa0', 'QA0'],
    ['icd10', 'c7a010', 'C7A.010'],
    ['icd10', 'z3a42', 'Z3A.42'],
    ['icd10', 't36.0x1a', 'T36.0X1A'],
    ['cpt', ' cpt 99213 ', '99213'],
    ['cpt', 'CPT:99213', '99213'],
    ['cpt', 'cpt-4 99213', '99213'],
    ['cpt', '0001f', '0001F'],
    ['cpt', '0042t', '0042T'],
    ['cpt', '0001u', '0001U'],
    ['cpt', '0002m', '0002M'],
    ['cpt', '00100', '00100'],
    ['hcpcs', 'j1100', 'J1100'],
    ['hcpcs', 'hcpcs J1100', 'J1100'],
    ['hcpcs', '\u00a0j1100\u00a0', 'J1100'],
  ])('%s %j is %s', (type, input, code) => {
    expect(parseCode(type, input)).toBe(code);
  });
});

describe('a code out of shape', () => {
  test.each<[CodeType, string, string | undefined]>([
    ['icd10', 'Z00.', 'Z00'],
    ['icd10', 'Z.0000', 'Z00.00'],
    ['icd10', 'Z00 .00', 'Z00.00'],
    ['icd10', 'Z00.00000', undefined],
    ['icd10', 'Z0', undefined],
    ['icd10', '', undefined],
    ['icd10', '   ', undefined],
    ['icd10', 'ſ82', undefined],
    ['icd10', 'Z00.0*', undefined],
    ['icd10', 'Z00:category', undefined],
    ['cpt', '9921', undefined],
    ['cpt', '992133', undefined],
    ['cpt', '99 213', '99213'],
    ['cpt', '9921O', '99210'],
    ['cpt', '99213-25', '99213'],
    ['cpt', '٩٩٢١٣', undefined],
    ['hcpcs', 'W1234', undefined],
    ['hcpcs', 'J11OO', 'J1100'],
    ['hcpcs', 'J110', undefined],
  ])('%s %j is refused, suggesting %s', (type, input, suggestion) => {
    const error = refusal(() => parseCode(type, input));
    expect(error.code).toBe('INVALID_CODE');
    expect(error.details).toMatchObject({ field: 'code', expected: expect.stringMatching(/such as/) });
    expect(error.details.suggestion).toBe(suggestion);
    if (suggestion !== undefined) expect(parseCode(type, suggestion)).toBe(suggestion);
  });

  test('points to the system it belongs to', () => {
    expect(refusal(() => parseCode('icd10', '99213')).message).toContain('ask for cpt 99213');
    expect(refusal(() => parseCode('cpt', 'J1100')).message).toContain('ask for hcpcs J1100');
    expect(refusal(() => parseCode('cpt', 'z00.00')).message).toContain('ask for icd10 Z00.00');
  });

  test('names the part of the request it was in', () => {
    expect(refusal(() => parseCode('cpt', 'x', 'codes[3].code')).details.field).toBe('codes[3].code');
  });

  test('is not repeated when it is overlong', () => {
    const error = refusal(() => parseCode('cpt', 'secret'.repeat(1000)));
    expect(error.code).toBe('INVALID_CODE');
    expect(error.message).not.toContain('secret');
  });
});

describe('a procedure of a crosswalk', () => {
  test('is CPT or HCPCS, whichever it looks like', () => {
    expect(parseProcedure(' cpt 99213')).toEqual({ type: 'cpt', code: '99213' });
    expect(parseProcedure('g0438')).toEqual({ type: 'hcpcs', code: 'G0438' });
    expect(refusal(() => parseProcedure('nonsense')).details.field).toBe('cpt');
    expect(refusal(() => parseProcedure('9'.repeat(65))).code).toBe('INVALID_CODE');
  });
});

describe('a category', () => {
  test.each<[CodeType, string, string]>([
    ['icd10', ' s82 ', 'S82'],
    ['icd10', 'c7a', 'C7A'],
    ['cpt', 'Surgery', 'surgery'],
    ['cpt', 'evaluation-and-management', 'evaluation-and-management'],
    ['hcpcs', 'j', 'J'],
  ])('of %s may be spelt %j for %s', (type, input, category) => {
    expect(parseCategory(type, input)).toBe(category);
  });

  test.each<[CodeType, string]>([
    ['icd10', 'S8'],
    ['icd10', 'S82.1'],
    ['cpt', 'surgeries'],
    ['cpt', '99213'],
    ['hcpcs', 'W'],
    ['hcpcs', 'J1'],
    ['hcpcs', ''],
  ])('of %s cannot be %j', (type, input) => {
    const error = refusal(() => parseCategory(type, input));
    expect(error.code).toBe('INVALID_REQUEST');
    expect(error.details.field).toBe('category');
  });
});

describe('a team id', () => {
  test.each(['demo', 'T', '0', 'a-b_c', 'x'.repeat(64), '6f0c7a36-1c1b-4b8c-9a37-111111111111'])(
    'may be %s',
    (id) => expect(parseTeamId(id)).toBe(id),
  );

  test.each(['', '-a', '_a', 'a:b', 'a/b', '../a', 'a b', 'a*', 'x'.repeat(65), 'é', 'a\n'])(
    'cannot be %j',
    (id) => expect(refusal(() => parseTeamId(id, 'x-team-id')).details.field).toBe('x-team-id'),
  );
});
