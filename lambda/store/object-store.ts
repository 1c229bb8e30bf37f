/** What became of a conditional write. `etag` is the stored object's version for a later `putIfMatch`. */
export type ConditionalPut = { written: true; etag: string } | { written: false };

export interface WriteOptions {
  /** Media type; the stores keep it where they can. Default: JSON for `put`, plain bytes for `putStream`. */
  readonly contentType?: string;
  /** Until when nobody may delete the object (S3 Object Lock, governance mode). A directory knows no retention. */
  readonly retainUntil?: Date;
}

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: Date;
  /**
   * Present while the object's bytes cannot be read: it is in an archive (S3 Glacier), or on its way out of it, which
   * takes hours.
   */
  readonly archive?: Archive;
}

export type Archive = 'archived' | 'returning';

/**
 * Where the catalog, the teams' lists and the backups live. An S3 bucket and a directory both are one, and
 * everything above this interface is the same code for either. Every method throws SourceUnavailable after
 * its own time-outs and retries, and InvalidRequest for a key that could leave the store.
 */
export interface ObjectStore {
  /** The URL the store was opened with, for messages: `file:<dir>` or `s3://<bucket>`. */
  readonly url: string;
  /** Bytes of `key`, or undefined when absent. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Bytes and version of `key`, or undefined when absent. */
  getWithETag(key: string): Promise<{ body: Uint8Array; etag: string } | undefined>;
  /**
   * Bytes of an object as they come, for those larger than memory; goes on where a connection broke. Throws
   * SourceUnavailable when absent.
   */
  getStream(key: string): AsyncIterable<Uint8Array>;
  /** Writes the object whole: a reader sees the old bytes or the new ones, never a part. */
  put(key: string, body: Uint8Array, options?: WriteOptions): Promise<void>;
  /**
   * Writes only while the object is still at `etag`; undefined means only while it is absent.
   * `{ written: false }` says that somebody else was first.
   */
  putIfMatch(key: string, body: Uint8Array, etag: string | undefined): Promise<ConditionalPut>;
  /**
   * Stores what `body` yields, in bounded memory. The object appears whole at the end; when `body` or the write
   * fails, nothing appears, what was sent is dropped, and the error is thrown on.
   */
  putStream(key: string, body: AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<void>;
  /** Objects below a prefix, in lexicographic order of their keys, page by page. */
  list(prefix: string): AsyncIterable<ListedObject>;
  delete(key: string): Promise<void>;
}

/** What lookups need of a store: whole objects, by their keys. */
export type ReadableStore = Pick<ObjectStore, 'url' | 'get' | 'getWithETag'>;
