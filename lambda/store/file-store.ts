import { createReadStream, type Stats, unwatchFile, watchFile } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SourceUnavailable } from '../names/errors';
import { isAbsence, listFiles } from './file-listing';
import { withFileLock } from './file-lock';
import { sha256 } from './json-objects';
import { checkedKey, checkedPrefix } from './object-key';
import type { ConditionalPut, ListedObject, ObjectStore } from './object-store';
import { StagedFile, sweepStaged } from './staged-file';
import { errorCode } from './system-error';

/** Unfinished writes and locks, inside the store so that a rename stays within one file system. */
const WORK = '.work';
const READ_CHUNK_BYTES = 256 * 1024;
/** Between two looks at a watched object. */
const WATCH_INTERVAL_MS = 500;

/**
 * A directory as an object store. Writes are atomic: a temporary file, then a rename. Conditional writes
 * are safe between processes: each writer of a key holds that key's lock file. An object's etag is its
 * sha256. It knows no retention: whoever owns the directory may delete.
 */
export class FileStore implements ObjectStore {
  readonly url: string;
  readonly #root: string;

  constructor(directory: string) {
    this.#root = resolve(directory);
    this.url = `file:${this.#root}`;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const path = this.#pathOf(key);
    return this.#guard(key, async () => {
      try {
        return await readFile(path);
      } catch (error) {
        if (isAbsence(error)) return undefined;
        throw error;
      }
    });
  }

  async getWithETag(key: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    const body = await this.get(key);
    return body === undefined ? undefined : { body, etag: sha256(body) };
  }

  async *getStream(key: string): AsyncIterable<Uint8Array> {
    const file = createReadStream(this.#pathOf(key), { highWaterMark: READ_CHUNK_BYTES });
    const chunks = file[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#guard(key, () => chunks.next());
        if (next.done === true) return;
        if (Buffer.isBuffer(next.value)) yield next.value;
      }
    } finally {
      file.destroy();
    }
  }

  /**
   * Tells whenever an object of this directory is replaced, whoever does it. It looks twice a second, which works on
   * every file system, and keeps no process alive.
   * @returns ends it
   */
  watch(key: string, onChange: () => void): () => void {
    const path = this.#pathOf(key);
    const listener = (now: Stats, before: Stats): void => {
      if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) onChange();
    };
    watchFile(path, { persistent: false, interval: WATCH_INTERVAL_MS }, listener);
    return () => unwatchFile(path, listener);
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.#staged(key, [body], (moveIn) => this.#locked(key, moveIn));
  }

  async putIfMatch(key: string, body: Uint8Array, etag: string | undefined): Promise<ConditionalPut> {
    return this.#staged(key, [body], (moveIn) =>
      this.#locked(key, async () => {
        const current = await this.getWithETag(key);
        if (current?.etag !== etag) return { written: false };
        await moveIn();
        return { written: true, etag: sha256(body) };
      }),
    );
  }

  async putStream(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    await sweepStaged(this.#work);
    await this.#staged(key, body, (moveIn) => this.#locked(key, moveIn));
  }

  async *list(prefix: string): AsyncIterable<ListedObject> {
    const files = listFiles(this.#root, checkedPrefix(prefix));
    for (;;) {
      const next = await this.#guard(prefix, () => files.next());
      if (next.done === true) return;
      yield next.value;
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    await this.#locked(key, () => rm(path, { force: true }));
  }

  /** Writes the bytes beside the key's file; `place` then decides whether they move in. */
  async #staged<T>(
    key: string,
    chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    place: (moveIn: () => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const path = this.#pathOf(key);
    const file = new StagedFile(this.#work, (work) => this.#guard(key, work));
    try {
      await file.write(chunks);
      return await place(() => file.moveTo(path));
    } finally {
      await file.discard();
    }
  }

  #locked<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#guard(key, async () => {
      await mkdir(this.#work, { recursive: true });
      return withFileLock(join(this.#work, `${sha256(Buffer.from(key))}.lock`), work);
    });
  }

  #pathOf(key: string): string {
    return join(this.#root, ...checkedKey(key).split('/'));
  }

  get #work(): string {
    return join(this.#root, WORK);
  }

  async #guard<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SourceUnavailable) throw error;
      const reason = errorCode(error) ?? String(error);
      throw new SourceUnavailable(`${this.url}: ${key === '' ? 'the directory' : key}: ${reason}`, {
        cause: error,
      });
    }
  }
}
