import * as z from 'zod/mini';
import { SourceUnavailable } from '../names/errors';
import { parseJson } from '../store/json-objects';
import { PART_NAME } from './backup-layout';
import { isSealed, sealed } from './seal';

const count = z.number().check(z.int(), z.nonnegative());

const partSchema = z.object({
  /** File name in the run's folder. */
  name: z.string().check(z.regex(PART_NAME)),
  keys: count,
  /** Bytes stored, compressed. */
  bytes: count,
  /** Bytes of the records before compression. */
  rawBytes: count,
  /** Of the stored bytes, hexadecimal. */
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
export type BackupPart = z.infer<typeof partSchema>;

/** What a run knows while it is at work and once it is done. */
const progressShape = {
  format: z.literal(2),
  /** Name of the run: its start in ISO 8601. */
  run: z.string(),
  environment: z.string(),
  startedAt: z.string(),
  /**
   * Release whose values these are, as Redis named it when the run started; null where it named none, or another one
   * by the end.
   */
  release: z.nullable(z.string()),
  redis: z.object({
    /** As INFO names it; Redis Cloud may not. */
    version: z.optional(z.string()),
    /** Newest RDB version among the payloads; absent in an empty backup. */
    rdbVersion: z.optional(count),
  }),
  scan: z.object({
    /** Redis globs the run was limited to; empty means every key. */
    match: z.array(z.string()),
    /** Keys in the database when the run started. */
    keysAtStart: count,
    /** Times the scan began anew because another server process answered; its keys may stand twice. */
    restarts: count,
    /** Function invocations the run took. */
    invocations: count,
    /** Operations per second the run kept to; 0 means no limit. */
    opsPerSecond: z.number().check(z.nonnegative()),
  }),
  /** Records written; a key that SCAN returned twice counts twice. */
  keys: count,
  /** Bytes of all DUMP payloads. */
  payloadBytes: count,
  /** Keys that expired or were deleted between SCAN and DUMP. */
  gone: count,
  /** Leases, which no backup holds. */
  leases: count,
  parts: z.array(partSchema),
} as const;

const manifestSchema = z.object({
  ...progressShape,
  finishedAt: z.string(),
  /** Until when S3 keeps the backup from being deleted; absent without retention. */
  retainUntil: z.optional(z.string()),
});
/** A backup's table of contents, written last: a folder without one is no backup. */
export type BackupManifest = z.infer<typeof manifestSchema>;

const checkpointSchema = z.object({
  ...progressShape,
  /** Counts the invocations that ended in a checkpoint, so that a repeated event is told from the next one. */
  sequence: count,
  /** SCAN cursor to go on from, and the server process that it belongs to. */
  cursor: z.string().check(z.regex(/^\d+$/)),
  serverId: z.optional(z.string()),
  retainUntil: z.optional(z.string()),
});
/** Where an unfinished run goes on. */
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** The bytes of a manifest, with a checksum of its own. */
export function encodeManifest(manifest: BackupManifest): Uint8Array {
  return sealed(manifest);
}

/** @throws SourceUnavailable when the bytes are no manifest of a known format, or not the one that was written */
export function parseBackupManifest(key: string, bytes: Uint8Array): BackupManifest {
  const json = jsonOf('manifest', key, bytes);
  const manifest = parseAs(manifestSchema, 'manifest', key, json);
  if (isSealed(json)) return manifest;
  throw new SourceUnavailable(
    `${key} does not match its own checksum: it was damaged, or changed after it was written. Take another backup; \`backup verify\` tells which are sound.`,
  );
}

/** @throws SourceUnavailable when the bytes are no checkpoint of a known format */
export function parseCheckpoint(key: string, bytes: Uint8Array): Checkpoint {
  return parseAs(checkpointSchema, 'checkpoint', key, jsonOf('checkpoint', key, bytes));
}

function jsonOf(what: string, key: string, bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes);
  } catch (error) {
    throw new SourceUnavailable(`${key} is not JSON; the ${what} is damaged.`, { cause: error });
  }
}

function parseAs<T extends z.ZodMiniType>(schema: T, what: string, key: string, json: unknown): z.infer<T> {
  const parsed = z.safeParse(schema, json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new SourceUnavailable(`${key} is no ${what} that this version can read (at "${where}").`);
}
