import { MEGABYTE } from '../../lambda/names/units';

/** Groups of keys that grow for one reason each, in the order of the report. */
export const FAMILIES = [
  'icd10',
  'cpt',
  'hcpcs',
  'categories',
  'crosswalk',
  'hotCodes',
  'usage',
  'leases',
  'other',
] as const;
export type Family = (typeof FAMILIES)[number];

export const FAMILY_NAMES: Readonly<Record<Family, string>> = {
  icd10: 'ICD-10 codes',
  cpt: 'CPT codes',
  hcpcs: 'HCPCS codes',
  categories: 'Category lists',
  crosswalk: 'Crosswalk',
  hotCodes: 'Hot codes of teams',
  usage: 'Uses since roll-up',
  leases: 'Leases',
  other: 'Other keys',
};

/** First match wins: a category's key begins like a code's. */
const PATTERNS: readonly (readonly [pattern: RegExp, family: Family])[] = [
  [/^\{.*\}:lease$/, 'leases'],
  [/^(icd10|cpt|hcpcs):category:/, 'categories'],
  [/^icd10:/, 'icd10'],
  [/^cpt:/, 'cpt'],
  [/^hcpcs:/, 'hcpcs'],
  [/^crosswalk:/, 'crosswalk'],
  [/^hot:codes:/, 'hotCodes'],
  [/^usage:/, 'usage'],
];

export function familyOf(key: string): Family {
  return PATTERNS.find(([pattern]) => pattern.test(key))?.[1] ?? 'other';
}

/**
 * What a key was expected to take when the service was planned: 50,000 CPT codes about 5 MB, 100,000 ICD-10
 * codes about 15 MB, a team's 1,000 hot codes about 100 KB, 10,000 crosswalk relationships about 2 MB.
 */
const ESTIMATED_BYTES: Partial<Record<Family, number>> = {
  cpt: (5 * MEGABYTE) / 50_000,
  icd10: (15 * MEGABYTE) / 100_000,
  hotCodes: 100 * 1_024,
  crosswalk: (2 * MEGABYTE) / 10_000,
};

/** The planning estimate for so many keys; undefined for a family that had none. */
export function estimateOf(family: Family, keyCount: number): number | undefined {
  const each = ESTIMATED_BYTES[family];
  return each === undefined ? undefined : Math.round(each * keyCount);
}
