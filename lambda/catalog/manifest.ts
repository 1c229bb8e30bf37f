import * as z from 'zod/mini';
import { type CodeType, CODE_TYPES } from '../names/code-types';
import { InvalidRequest, SourceUnavailable } from '../names/errors';
import type { EditionDays } from '../codes/editions';
import { dateSchema } from '../codes/record';
import { layout } from './layout';
import { parseJson } from '../store/json-objects';

/** Ids releases may have: safe as a part of an S3 key, a file name and a Redis value alike. */
export const RELEASE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;

/** @throws InvalidRequest unless the input can be a release's id. */
export function parseReleaseId(input: string): string {
  if (RELEASE_ID.test(input)) return input;
  throw new InvalidRequest(
    'release',
    `release ${JSON.stringify(input.slice(0, 64))} is not a release id; expected 1 to 32 letters, digits, dots, hyphens or underscores, starting with a letter or digit.`,
  );
}

export const sha256Schema = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** Codes of a system by what their last state says; `ended` are those whose end is known. */
const codeCountsSchema = z.object({
  total: z.number(),
  billable: z.number(),
  header: z.number(),
  ended: z.number(),
});
export type CodeCounts = z.infer<typeof codeCountsSchema>;

const sourceSchema = z.object({
  /** The option it was given with, such as `icd10-notes`. */
  kind: z.string(),
  /** First day of what it says, where that is known. */
  from: z.optional(dateSchema),
  /** The release whose build has read it, where that is not this one. */
  carriedFrom: z.optional(z.string()),
  /** File name without its folder. */
  name: z.string(),
  /** What the file was recognised as. */
  format: z.string(),
  sha256: sha256Schema,
  bytes: z.number(),
  /** Codes, notes or links that were taken from it. */
  rows: z.number(),
  /** Lines left out by `--skip-invalid`. */
  skipped: z.number(),
});

/** What a system's files say from a day on. Between two editions the former one holds. */
const editionSchema = z.object({
  /** First day; absent where nobody said, and then it is the only one and holds for every date. */
  from: z.optional(dateSchema),
  codes: z.number(),
  billable: z.number(),
});
export type Edition = z.infer<typeof editionSchema>;

const objectSchema = z.object({ sha256: sha256Schema, bytes: z.number() });

export type ManifestObject = z.infer<typeof objectSchema>;

export const manifestSchema = z.object({
  release: z.string(),
  createdAt: z.string(),
  /** Per code system that the release holds. */
  counts: z.object({
    icd10: z.optional(codeCountsSchema),
    cpt: z.optional(codeCountsSchema),
    hcpcs: z.optional(codeCountsSchema),
  } satisfies Record<CodeType, unknown>),
  /** Oldest first. */
  editions: z.object({
    icd10: z.optional(z.array(editionSchema)),
    cpt: z.optional(z.array(editionSchema)),
    hcpcs: z.optional(z.array(editionSchema)),
  } satisfies Record<CodeType, unknown>),
  /** First days of the notes of ICD-10-CM, oldest first; null where nobody tells. The first hold from the beginning where their day is not after that of the first edition of codes. */
  noteEditions: z.array(z.nullable(dateSchema)),
  crosswalkLinks: z.number(),
  /** ICD-10-CM codes that carry notes. */
  codesWithNotes: z.number(),
  sources: z.array(sourceSchema),
  /** Every object of the release but the manifest, by its key below the release, of its stored bytes. */
  objects: z.record(z.string(), objectSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * @throws SourceUnavailable when the bytes are not the manifest of `release`
 */
export function parseManifest(release: string, bytes: Uint8Array): Manifest {
  const key = layout.manifest(release);
  const parsed = manifestSchema.safeParse(jsonOf(key, bytes));
  if (!parsed.success || parsed.data.release !== release) {
    throw new SourceUnavailable(`${key} is not the manifest of release ${release}.`);
  }
  return parsed.data;
}

/** @throws SourceUnavailable naming the object that is not JSON */
export function jsonOf(key: string, bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes);
  } catch (error) {
    throw new SourceUnavailable(`${key} is not JSON.`, { cause: error });
  }
}

/** An object's key below its release, as the manifest spells it. */
export function relativeKey(release: string, key: string): string {
  return key.slice(layout.release(release).length);
}

/** First days of a release's editions. */
export function editionDaysOf({ editions }: Pick<Manifest, 'editions'>): EditionDays {
  const days: EditionDays = {};
  for (const type of CODE_TYPES) {
    const dated = editions[type]?.flatMap(({ from }) => (from === undefined ? [] : [from])) ?? [];
    if (dated.length > 0) days[type] = dated;
  }
  return days;
}

/** The code systems that a release holds. */
export function typesOf(manifest: Manifest): CodeType[] {
  return CODE_TYPES.filter((type) => manifest.counts[type] !== undefined);
}
