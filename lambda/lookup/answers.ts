import * as z from 'zod/mini';
import { codeRecordSchema, codeTypeSchema, crosswalkLinkSchema, type CrosswalkLink } from '../codes/record';
import { hotCodeSchema } from '../hot-codes/hot-codes-document';
import { categoryEntrySchema } from '../catalog/shards';

/** One line of a category's list. */
export const listedCodeSchema = categoryEntrySchema;

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
