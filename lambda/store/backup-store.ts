import type { ObjectStore } from './object-store';

export interface UploadOptions {
  /** Until when nobody may delete the object (S3 Object Lock, governance mode). */
  readonly retainUntil?: Date;
  readonly contentType?: string;
}

/**
 * Where backups live: the catalog's bucket or directory, seen as streams, because a backup is larger than
 * memory. Every method throws SourceUnavailable after its own time-outs and retries.
 */
export interface BackupStore extends Pick<ObjectStore, 'url' | 'get' | 'list' | 'delete'> {
  /**
   * Stores what `body` yields, in bounded memory. The object appears whole at the end; when `body` or the upload
   * fails, nothing appears, what was sent is dropped, and the error is thrown on.
   */
  upload(key: string, body: AsyncIterable<Uint8Array>, options?: UploadOptions): Promise<void>;
  /** Bytes of an object as they come; goes on where a connection broke. Throws SourceUnavailable when absent. */
  read(key: string): AsyncIterable<Uint8Array>;
}

/** Stores a small object whole. */
export function uploadWhole(
  store: BackupStore,
  key: string,
  body: Uint8Array,
  options?: UploadOptions,
): Promise<void> {
  return store.upload(key, once(body), options);
}

// eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
