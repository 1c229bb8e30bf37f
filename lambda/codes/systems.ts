/**
 * The three code systems: what their codes look like and how codes group.
 * Only data decides whether a code exists (docs/architecture.md); a format only says that it could.
 */

import type { CodeType } from '../names/code-types';

/** CPT sections and categories, as `category` of a CPT record. */
export const CPT_CATEGORIES = [
  'evaluation-and-management',
  'anesthesia',
  'surgery',
  'radiology',
  'pathology-and-laboratory',
  'medicine',
  'category-ii',
  'category-iii',
  'pla',
  'maaa',
] as const;
export type CptCategory = (typeof CPT_CATEGORIES)[number];

export interface CodeSystem {
  readonly type: CodeType;
  /** The name people use. */
  readonly name: string;
  /** Names that may stand before a code in user input, upper case. */
  readonly prefixes: readonly string[];
  /** What a normalised code looks like. */
  readonly format: RegExp;
  /** The format in words, for error messages. */
  readonly expected: string;
  /** What a category of this system looks like, normalised. */
  readonly categoryFormat: RegExp;
  readonly categoryExpected: string;
  /** Group of a normalised code; undefined when no group covers it. */
  category(code: string): string | undefined;
  /** Name of the catalog shard that holds a normalised code. */
  shard(code: string): string;
}

const firstThree = (code: string): string => code.slice(0, 3);

/** Numeric ranges of the CPT sections, inclusive (AMA CPT section guidelines; Medicine has two). */
const CPT_SECTIONS: readonly (readonly [from: number, to: number, category: CptCategory])[] = [
  [99202, 99499, 'evaluation-and-management'],
  [100, 1999, 'anesthesia'],
  [99100, 99140, 'anesthesia'],
  [10004, 69990, 'surgery'],
  [70010, 79999, 'radiology'],
  [80047, 89398, 'pathology-and-laboratory'],
  [90281, 99199, 'medicine'],
  [99500, 99607, 'medicine'],
];

const CPT_SUFFIXES: Readonly<Record<string, CptCategory>> = {
  F: 'category-ii',
  T: 'category-iii',
  U: 'pla',
  M: 'maaa',
};

/**
 * Category of a CPT code: by its letter for Category II, III, PLA and MAAA codes, by the section's
 * range for Category I. Anesthesia 99100-99140 lies inside Medicine's range, so order matters.
 */
function cptCategory(code: string): CptCategory | undefined {
  const suffix = CPT_SUFFIXES[code.slice(-1)];
  if (suffix !== undefined) return suffix;
  const value = Number(code);
  return CPT_SECTIONS.find(([from, to]) => value >= from && value <= to)?.[2];
}

export const CODE_SYSTEMS: Readonly<Record<CodeType, CodeSystem>> = {
  icd10: {
    type: 'icd10',
    name: 'ICD-10-CM',
    prefixes: ['ICD-10-CM', 'ICD10CM', 'ICD-10', 'ICD10'],
    // Stricter patterns in circulation reject real codes: U07.1, QA0 (FY2026), C7A, Z3A.
    format: /^[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?$/,
    expected: 'a letter, two letters or digits, then a dot and one to four more if any, such as Z00.00',
    categoryFormat: /^[A-Z][0-9A-Z]{2}$/,
    categoryExpected: 'the first three characters of a code, such as S82',
    category: firstThree,
    shard: firstThree,
  },
  cpt: {
    type: 'cpt',
    name: 'CPT',
    prefixes: ['CPT', 'CPT4', 'CPT-4'],
    format: /^\d{4}[0-9FTUM]$/,
    expected: 'four digits, then a digit or one of F, T, U, M, such as 99213 or 0001F',
    categoryFormat: /^[a-z]+(-[a-z]+)*$/,
    categoryExpected: `one of ${CPT_CATEGORIES.join(', ')}`,
    category: cptCategory,
    shard: firstThree,
  },
  hcpcs: {
    type: 'hcpcs',
    name: 'HCPCS Level II',
    prefixes: ['HCPCS'],
    format: /^[A-V]\d{4}$/,
    expected: 'a letter from A to V, then four digits, such as J1100',
    categoryFormat: /^[A-V]$/,
    categoryExpected: 'the first letter of a code, A to V, such as J',
    category: (code) => code.slice(0, 1),
    shard: firstThree,
  },
};
