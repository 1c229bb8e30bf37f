import * as z from 'zod/mini';
import { codeRecordSchema, type CodeRecord, type CodeState, codeStateSchema } from '../codes/record';
import { CODE_SYSTEMS } from '../codes/systems';
import { type CodeType } from '../names/code-types';
import { layout } from './layout';
import { type CrosswalkShard, crosswalkShardSchema } from './link-groups';
import { unpackJson } from '../store/json-objects';

const listedStateSchema = z.omit(codeStateSchema, { description: true });

/** One line of a category's list, with all that a line says of a code whatever the date; as a record, but shorter. */
export const categoryEntrySchema = z.extend(listedStateSchema, {
  code: z.string(),
  earlier: z.optional(z.array(listedStateSchema)),
});
export type ListedState = z.infer<typeof listedStateSchema>;
export type CategoryEntry = z.infer<typeof categoryEntrySchema>;

/** What an object under `<release>/<type>/` holds: all records of a shard, in official order. */
export type RecordShard = CodeRecord[];

/**
 * Readers have compared the object's sha256 with the manifest before they parse it, so its content is what
 * a build wrote. What is left to find out is whether that build wrote today's format, and the first item
 * shows that; checking all 3,346 records of S82 would cost every miss milliseconds.
 */
function listOf<T>(item: z.ZodMiniType<T>): z.ZodMiniType<T[]> {
  return z.custom<T[]>(
    (value) => Array.isArray(value) && value.slice(0, 1).every((first) => item.safeParse(first).success),
  );
}

const recordShard = listOf(codeRecordSchema);
const categoryShard = listOf(categoryEntrySchema);
/** @throws Error when the bytes are not a shard of records */
export const parseRecordShard = (bytes: Uint8Array): RecordShard => parseShard(recordShard, bytes);
/** @throws Error when the bytes are not a category's list */
export const parseCategoryShard = (bytes: Uint8Array): CategoryEntry[] => parseShard(categoryShard, bytes);
/** @throws Error when the bytes are not a shard of links */
export const parseCrosswalkShard = (bytes: Uint8Array): CrosswalkShard =>
  parseShard(crosswalkShardSchema, bytes);

function parseShard<T>(schema: z.ZodMiniType<T>, bytes: Uint8Array): T {
  const parsed = schema.safeParse(unpackJson(bytes));
  if (parsed.success) return parsed.data;
  throw new Error('it is not in the format this version reads');
}

/** Whether a system's categories are its shards already, so that no list of its own is stored. */
export function categoryIsShard(type: CodeType): boolean {
  return type === 'icd10';
}

/** Key of the object that holds a code's record. */
export function shardKey(release: string, type: CodeType, code: string): string {
  return layout.codes(release, type, CODE_SYSTEMS[type].shard(code));
}

/** Key of the object that holds an ICD-10 code's links. */
export function crosswalkKey(release: string, icd10: string): string {
  return layout.crosswalk(release, CODE_SYSTEMS.icd10.shard(icd10));
}

export function categoryEntry(record: CodeRecord): CategoryEntry {
  const { earlier } = record;
  return {
    code: record.code,
    ...listedState(record),
    ...(earlier === undefined ? {} : { earlier: earlier.map(listedState) }),
  };
}

/** A state as lists show it. Open ends are left out: most codes have none, and lists are long. */
function listedState({ shortDescription, billable, validFrom, validTo }: CodeState): ListedState {
  return {
    shortDescription,
    billable,
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
  };
}
