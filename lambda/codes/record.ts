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
export const dateSchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

/** What a code says from one day to another, both inclusive. */
export const codeStateSchema = z.object({
  /** Absent where the code was there when its system's first edition began. */
  validFrom: z.optional(dateSchema),
  /** Absent while no end is known. */
  validTo: z.optional(dateSchema),
  /** Whether the code is valid on a claim; false for header codes. */
  billable: z.boolean(),
  /** The long description, or CPT descriptor, of the user's own file. */
  description: z.string(),
  shortDescription: z.string(),
});
export type CodeState = z.infer<typeof codeStateSchema>;

/** Notes that were in force until a day, inclusive. Without notes: until then there were none. */
export const formerNotesSchema = z.object({ until: dateSchema, notes: z.optional(notesSchema) });
export type FormerNotes = z.infer<typeof formerNotesSchema>;

/** Codes that take a code's place on claims from a day on. */
export const replacementSchema = z.object({ from: dateSchema, codes: z.array(z.string()) });
export type Replacement = z.infer<typeof replacementSchema>;

/**
 * One medical code with all that a release knows of it, whatever the date; `recordOn` makes an answer of it. Its own
 * members are the last state's. A record does not name its release, so that a code which did not change between two
 * releases is the same value in both and its cached copy stays good.
 */
export const codeRecordSchema = z.object({
  type: codeTypeSchema,
  /** Canonical spelling, e.g. `Z00.00`. */
  code: z.string(),
  description: codeStateSchema.shape.description,
  shortDescription: codeStateSchema.shape.shortDescription,
  category: z.string(),
  billable: codeStateSchema.shape.billable,
  validFrom: codeStateSchema.shape.validFrom,
  validTo: codeStateSchema.shape.validTo,
  /** States before the last, oldest first. Between two there may be a gap in which the code did not exist. */
  earlier: z.optional(z.array(codeStateSchema)),
  notes: z.optional(notesSchema),
  /** Notes before those, oldest first. */
  earlierNotes: z.optional(z.array(formerNotesSchema)),
  /** By day, oldest first. */
  replacedBy: z.optional(z.array(replacementSchema)),
});
export type CodeRecord = z.infer<typeof codeRecordSchema>;

/**
 * The record with its members in the schema's order, wherever it came from: the same record must have the same bytes, and
 * with them the same checksum and entity tag.
 */
export function ordered(record: CodeRecord): CodeRecord {
  return z.parse(codeRecordSchema, record);
}

/** How an ICD-10-CM code and a procedure go together; MCD articles say `covered`. */
export const crosswalkLinkSchema = z.object({
  /** A CPT code, or a HCPCS code where the source has one. */
  cpt: z.string(),
  relationship: z.string(),
  sources: z.array(z.string()),
});
export type CrosswalkLink = z.infer<typeof crosswalkLinkSchema>;
