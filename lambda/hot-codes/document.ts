import * as z from 'zod/mini';
import { SourceUnavailable } from '../names/errors';
import { isCodeType, type CodeType } from '../names/code-types';
import { type HotCodes, hotCodeSchema } from '../codes/record';

/** Longest ranked list a team has. */
export const HOT_CODES_LIMIT = 1_000;

/**
 * How many more codes keep their score below the list, so that a code used steadily but seldom can still
 * climb into it over several roll-ups.
 */
export const CONTENDERS_LIMIT = 4_000;

/** A use of one code, as a member of `usage:<teamId>`: `icd10:Z00.00`. */
export function usageMember(type: CodeType, code: string): string {
  return `${type}:${code}`;
}

/** The code behind a member; undefined for anything else. */
export function parseUsageMember(member: string): { type: CodeType; code: string } | undefined {
  const colon = member.indexOf(':');
  const type = member.slice(0, colon);
  return isCodeType(type) && colon + 1 < member.length ? { type, code: member.slice(colon + 1) } : undefined;
}

/**
 * `teams/<teamId>/hot-codes.json` as the roll-up keeps it: the list that lookups answer, and besides it what
 * the next roll-up needs. Lists made by hand, without those members, are accepted.
 */
export const hotCodesDocumentSchema = z.object({
  teamId: z.string(),
  generatedAt: z.string(),
  codes: z.array(hotCodeSchema),
  /** Exact decayed scores by member at `generatedAt`, the list's own and the contenders'. */
  scores: z.optional(z.record(z.string(), z.number())),
  /** The batch of counts that went in last: the guard against counting it twice. */
  lastBatch: z.optional(z.string()),
  /** Release whose short descriptions the list carries. */
  release: z.optional(z.string()),
});
export type HotCodesDocument = z.infer<typeof hotCodesDocumentSchema>;

/** Scores of a document; those of a list made by hand are its uses. */
export function scoresOf(document: HotCodesDocument): Map<string, number> {
  if (document.scores !== undefined) return new Map(Object.entries(document.scores));
  return new Map(document.codes.map(({ type, code, uses }) => [usageMember(type, code), uses]));
}

/** The part of a document that lookups answer and the cache holds. */
export function listOf({ teamId, generatedAt, codes }: HotCodesDocument): HotCodes {
  return { teamId, generatedAt, codes };
}

/** @throws SourceUnavailable when the bytes are no list */
export function parseDocument(key: string, body: Uint8Array): HotCodesDocument {
  try {
    return hotCodesDocumentSchema.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch (cause) {
    // Starting over would throw a team's history away for good; a person should look first.
    throw new SourceUnavailable(`${key} is not a hot-codes list; restore its previous version.`, { cause });
  }
}
