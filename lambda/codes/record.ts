import * as z from 'zod/mini';
import { CODE_TYPES } from '../names/code-types';

/**
 * Instructional notes of an ICD-10-CM code, in the words of the tabular list. Each list is absent when
 * the code has no such note.
 */
export const NOTE_KINDS = [
  'inclusionTerms',
  'includes',
  'excludes1',
  'excludes2',
  'codeFirst',
  'codeAlso',
  'useAdditionalCode',
  'notes',
] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

const noteList = z.optional(z.array(z.string()));

export const codeTypeSchema = z.enum(CODE_TYPES);

export const notesSchema = z.object({
  inclusionTerms: noteList,
  includes: noteList,
  excludes1: noteList,
  excludes2: noteList,
  codeFirst: noteList,
  codeAlso: noteList,
  useAdditionalCode: noteList,
  notes: noteList,
} satisfies Record<NoteKind, typeof noteList>);
export type Notes = z.infer<typeof notesSchema>;

/** ISO calendar date, `YYYY-MM-DD`. */
const dateSchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

/**
 * One medical code. A record does not name its release, so that a code which did not change between two
 * releases is the same value in both and its cached copy stays good.
 */
export const codeRecordSchema = z.object({
  type: codeTypeSchema,
  /** Canonical spelling, e.g. `Z00.00`. */
  code: z.string(),
  /** The long description, or CPT descriptor, of the user's own file. */
  description: z.string(),
  shortDescription: z.string(),
  category: z.string(),
  /** Whether the code is valid on a claim; false for header codes. */
  billable: z.boolean(),
  validFrom: z.optional(dateSchema),
  validTo: z.optional(dateSchema),
  notes: z.optional(notesSchema),
});
export type CodeRecord = z.infer<typeof codeRecordSchema>;

/** How an ICD-10-CM code and a procedure go together; MCD articles say `covered`. */
export const crosswalkLinkSchema = z.object({
  /** A CPT code, or a HCPCS code where the source has one. */
  cpt: z.string(),
  relationship: z.string(),
  sources: z.array(z.string()),
});
export type CrosswalkLink = z.infer<typeof crosswalkLinkSchema>;
