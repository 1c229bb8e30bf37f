import * as z from 'zod/mini';
import {
  codeRecordSchema,
  codeTypeSchema,
  crosswalkLinkSchema,
  hotCodeSchema,
  type CrosswalkLink,
} from '../codes/record';

/**
 * Where an answer came from, nearest first: this process's memory, Redis, the catalog after a miss, the catalog
 * because Redis was out, or an expired value because the catalog was out too.
 */
export const OUTCOMES = ['memory', 'redis', 'miss', 'bypass', 'stale'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A value with where it came from and the release it belongs to. */
export interface Answer<T> {
  readonly value: T;
  readonly outcome: Outcome;
  readonly release: string;
}

/** The farthest of several outcomes. */
export function farthest(outcomes: readonly Outcome[]): Outcome {
  return OUTCOMES.findLast((outcome) => outcomes.includes(outcome)) ?? 'memory';
}

/** One line of a category's list. */
export const listedCodeSchema = z.object({
  code: z.string(),
  shortDescription: z.string(),
  billable: z.boolean(),
});
export type ListedCode = z.infer<typeof listedCodeSchema>;

export const categoryPageSchema = z.object({
  type: codeTypeSchema,
  category: z.string(),
  /** How many codes of the category match the filter, on all pages together. */
  total: z.int(),
  codes: z.array(listedCodeSchema),
  nextCursor: z.nullable(z.string()),
});
export type CategoryPage = z.infer<typeof categoryPageSchema>;

export const hotCodesAnswerSchema = z.object({
  teamId: z.string(),
  /** Null while the team has no list yet. */
  generatedAt: z.nullable(z.string()),
  codes: z.array(hotCodeSchema),
});
export type HotCodesAnswer = z.infer<typeof hotCodesAnswerSchema>;

export const crosswalkSchema = z.object({ icd10: z.string(), cpts: z.array(crosswalkLinkSchema) });
export type Crosswalk = z.infer<typeof crosswalkSchema>;

export const crosswalkPairSchema = z.object({
  icd10: z.string(),
  cpt: z.string(),
  related: z.boolean(),
  relationship: z.nullable(z.string()),
  sources: z.array(z.string()),
});
export type CrosswalkPair = z.infer<typeof crosswalkPairSchema>;

export const batchResultSchema = z.object({
  type: codeTypeSchema,
  code: z.string(),
  found: z.boolean(),
  record: z.optional(codeRecordSchema),
});
export type BatchResult = z.infer<typeof batchResultSchema>;

/** The pair as answered; without a link the two are not related. */
export function pairOf(icd10: string, cpt: string, link: CrosswalkLink | undefined): CrosswalkPair {
  return {
    icd10,
    cpt,
    related: link !== undefined,
    relationship: link?.relationship ?? null,
    sources: link?.sources ?? [],
  };
}
