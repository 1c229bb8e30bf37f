/** What became of a conditional write. `etag` is the stored object's version for a later `putIfMatch`. */
export type ConditionalPut = { written: true; etag: string } | { written: false };

/**
 * Where the catalog, the teams' lists and the backups live. An S3 bucket and a directory both are one, and
 * everything above this interface is the same code for either. Every method throws SourceUnavailable after
 * its own time-outs and retries.
 */
export interface ObjectStore {
  /** The URL the store was opened with, for messages: `file:<dir>` or `s3://<bucket>`. */
  readonly url: string;
  /** Bytes of `key`, or undefined when absent. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Bytes and version of `key`, or undefined when absent. */
  getWithETag(key: string): Promise<{ body: Uint8Array; etag: string } | undefined>;
  /** Writes the object whole: a reader sees the old bytes or the new ones, never a part. */
  put(key: string, body: Uint8Array, contentType?: string): Promise<void>;
  /**
   * Writes only while the object is still at `etag`; undefined means only while it is absent.
   * `{ written: false }` says that somebody else was first.
   */
  putIfMatch(key: string, body: Uint8Array, etag: string | undefined): Promise<ConditionalPut>;
  /** Keys below a prefix, in lexicographic order, page by page. */
  list(prefix: string): AsyncIterable<{ key: string; size: number; lastModified: Date }>;
  delete(key: string): Promise<void>;
}
