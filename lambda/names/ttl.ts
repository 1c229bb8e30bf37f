/** Seconds a key family lives. The one source of every EX in the app and of the table in the docs. */
export const TTL = {
  code: 3600,
  category: 3600,
  crosswalk: 3600,
  hotCodes: 7200,
  /** A code that the live release does not hold; short, so that a publish shows and a scan stays small. */
  unknown: 60,
  /** One loader's right to fill a key. */
  lease: 3,
  /** The live release's id; when it lapses one reader looks at the store, which heals a publish that was cut off. */
  release: 60,
  /** How long a cache's note counts that it was told of a release in full. Longer than any value lives: then none is left that was loaded before. */
  told: 10_800,
  /** The monitor's beat: it outlives a primary that is gone for a day, and no longer, so that it cannot stay for ever. */
  beat: 86_400,
} as const;

/** A process looks for a newly published release at least this often, milliseconds. */
export const RELEASE_CHECK_MS = 2_000;

/** Longest a value may stay in a process's own memory, seconds, and never past its key's own TTL. */
export const MEMORY_SECONDS = 60;

/** What Redis or memory holds waits for the catalog store to tell the release this long at most, milliseconds. */
export const HELD_PATIENCE_MS = 100;
