import * as z from 'zod/mini';
import { datedRecordSchema, statusSchema } from '../codes/dated-record';
import { codeTypeSchema, crosswalkLinkSchema, type CrosswalkLink, dateSchema } from '../codes/record';

/** One line of a category's list, as it is on the date asked for. */
export const listedCodeSchema = z.object({
  code: z.string(),
  shortDescription: z.string(),
  billable: z.boolean(),
  status: statusSchema,
  validTo: z.nullable(dateSchema),
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

/** One line of a team's list, as it is on the date asked for. */
export const hotCodeAnswerSchema = z.object({
  rank: z.number(),
  type: codeTypeSchema,
  code: z.string(),
  shortDescription: z.string(),
  uses: z.number(),
  status: statusSchema,
});

export const hotCodesAnswerSchema = z.object({
  teamId: z.string(),
  /** Null while the team has no list yet. */
  generatedAt: z.nullable(z.string()),
  codes: z.array(hotCodeAnswerSchema),
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

/** What is wrong with one item of a batch. */
export const batchErrorSchema = z.object({
  /** As in a problem of its own. */
  code: z.string(),
  detail: z.string(),
  suggestion: z.optional(z.string()),
});
export type BatchError = z.infer<typeof batchErrorSchema>;

export const batchResultSchema = z.object({
  type: codeTypeSchema,
  /** Canonical, or as the caller spelt it where it can be no code. */
  code: z.string(),
  found: z.boolean(),
  record: z.optional(datedRecordSchema),
  error: z.optional(batchErrorSchema),
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
