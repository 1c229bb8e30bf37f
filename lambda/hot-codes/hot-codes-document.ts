import * as z from 'zod/mini';
import { type CodeRecord, type CodeState, codeStateSchema, codeTypeSchema } from '../codes/record';
import { usageMember } from './usage-member';

/** Longest ranked list a team has. */
export const HOT_CODES_LIMIT = 1_000;

/**
 * How many more codes keep their score below the list, so that a code used steadily but seldom can still
 * climb into it over several roll-ups.
 */
export const CONTENDERS_LIMIT = 4_000;

const hotCodeStateSchema = z.pick(codeStateSchema, {
  shortDescription: true,
  validFrom: true,
  validTo: true,
});
export type HotCodeState = z.infer<typeof hotCodeStateSchema>;

/** What a list says of a code whatever the date: its last state, and those before it, oldest first. */
const hotCodeStatesSchema = z.extend(hotCodeStateSchema, {
  earlier: z.optional(z.array(hotCodeStateSchema)),
});
export type HotCodeStates = z.infer<typeof hotCodeStatesSchema>;

/** One line of a team's ranked list, as stored. */
export const hotCodeSchema = z.extend(hotCodeStatesSchema, {
  rank: z.number(),
  type: codeTypeSchema,
  code: z.string(),
  uses: z.number(),
});
export type HotCode = z.infer<typeof hotCodeSchema>;

/** What a list keeps of a record. */
export function hotCodeStates(record: CodeRecord): HotCodeStates {
  const { earlier } = record;
  return { ...stateOf(record), ...(earlier === undefined ? {} : { earlier: earlier.map(stateOf) }) };
}

function stateOf({ shortDescription, validFrom, validTo }: CodeState): HotCodeState {
  return {
    shortDescription,
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
  };
}

/** The part of a team's document that lookups answer and the cache holds. */
export const hotCodesSchema = z.object({
  teamId: z.string(),
  /** ISO instant of the roll-up that made the list. */
  generatedAt: z.string(),
  codes: z.array(hotCodeSchema),
});
export type HotCodes = z.infer<typeof hotCodesSchema>;

/**
 * `teams/<teamId>/hot-codes.json` as the roll-up keeps it: the list, and besides it what the next roll-up needs.
 * Lists made by hand, without those members, are accepted.
 */
export const hotCodesDocumentSchema = z.extend(hotCodesSchema, {
  /** Exact decayed scores by member at `generatedAt`, the list's own and the contenders'. */
  scores: z.optional(z.record(z.string(), z.number())),
  /** The batch of counts that went in last: the guard against counting it twice. */
  lastBatch: z.optional(z.string()),
  /** Release whose short descriptions and dates the list carries. */
  release: z.optional(z.string()),
});
export type HotCodesDocument = z.infer<typeof hotCodesDocumentSchema>;

/** Scores of a document; those of a list made by hand are its uses. */
export function scoresOf(document: HotCodesDocument): Map<string, number> {
  if (document.scores !== undefined) return new Map(Object.entries(document.scores));
  return new Map(document.codes.map(({ type, code, uses }) => [usageMember(type, code), uses]));
}

/** The list without what only the roll-up needs. */
export function listOf({ teamId, generatedAt, codes }: HotCodesDocument): HotCodes {
  return { teamId, generatedAt, codes };
}
