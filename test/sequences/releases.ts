import type { SmallRelease } from '../support/small-catalog';
import type { Seeded } from './seeded';

/** A code as a release's source file has it. */
export interface SourceCode {
  readonly code: string;
  readonly description: string;
  readonly billable: boolean;
}

/** A release by its source files, kept apart from all that the product makes of them. */
export interface Source {
  readonly release: string;
  /** By code, in the files' order. */
  readonly icd10: ReadonlyMap<string, SourceCode>;
  readonly cpt: ReadonlyMap<string, SourceCode>;
  /** Relationship by `icd10 cpt`. */
  readonly links: ReadonlyMap<string, string>;
}

export const CATEGORIES = Array.from({ length: 20 }, (_, at) => `${at < 10 ? 'A' : 'B'}0${at % 10}`);
export const CPT_CODES = Array.from({ length: 20 }, (_, at) => `992${at + 10}`);
/** Every ICD-10 code that any release may hold. */
export const ICD10_CODES = CATEGORIES.flatMap((category) => [
  category,
  ...Array.from({ length: 13 }, (_, at) => `${category}.${at.toString(13)}`.toUpperCase()),
]);

const RELEASES = ['r1', 'r2', 'r3', 'r4'];

/**
 * Four releases, each made from the one before: some codes revised, turned header, gone or come, some links too. What
 * changes between two neighbours often stays as it is in the next, and some codes go back to what they were.
 */
export function drawReleases(seeded: Seeded): readonly Source[] {
  let icd10 = new Map(ICD10_CODES.map((code) => [code, drawCode(code, seeded)]));
  let cpt = new Map(CPT_CODES.map((code) => [code, drawCode(code, seeded)]));
  let links = new Map(Array.from({ length: 120 }, () => drawLink(seeded)));
  for (const code of drawSome(ICD10_CODES, 4, seeded)) icd10.delete(code);
  return RELEASES.map((release) => {
    icd10 = changed(ICD10_CODES, icd10, seeded);
    cpt = changed(CPT_CODES, cpt, seeded);
    links = new Map([...[...links].slice(15), ...Array.from({ length: 15 }, () => drawLink(seeded))]);
    return { release, icd10, cpt, links };
  });
}

function changed(
  codes: readonly string[],
  before: ReadonlyMap<string, SourceCode>,
  seeded: Seeded,
): Map<string, SourceCode> {
  // A publish refuses to lose many codes, so that few may go.
  const turned = new Set(drawSome(codes, codes.length > 100 ? 2 : 0, seeded));
  return new Map(
    codes.flatMap((code) => {
      const former = before.get(code);
      if (turned.has(code)) return former === undefined ? [[code, drawCode(code, seeded)] as const] : [];
      if (former === undefined) return [];
      return [[code, seeded.chance(0.2) ? drawCode(code, seeded) : former] as const];
    }),
  );
}

function drawCode(code: string, seeded: Seeded): SourceCode {
  return {
    code,
    description: `SAMPLE ${code} worded ${seeded.between(1, 9)}`,
    billable: seeded.chance(0.8),
  };
}

function drawLink(seeded: Seeded): [pair: string, relationship: string] {
  const icd10 = seeded.pick(ICD10_CODES.filter((_, at) => at % 7 === 0));
  return [`${icd10} ${seeded.pick(CPT_CODES)}`, 'covered'];
}

function drawSome(codes: readonly string[], count: number, seeded: Seeded): string[] {
  return Array.from({ length: count }, () => seeded.pick(codes));
}

/** The source as lines of the files to import. */
export function linesOf({ icd10, cpt, links }: Source): SmallRelease {
  const lines = (codes: ReadonlyMap<string, SourceCode>): string[] =>
    [...codes.values()].map((each) => [each.code, shortOf(each), each.description, each.billable].join(','));
  return {
    icd10: lines(icd10),
    cpt: lines(cpt),
    crosswalk: [...links].map(([pair, relationship]) =>
      [...pair.split(' '), relationship, 'sample'].join(','),
    ),
  };
}

export function shortOf({ description }: SourceCode): string {
  return `Short ${description}`;
}
