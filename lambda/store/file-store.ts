import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SourceUnavailable } from '../names/errors';
import { withFileLock } from './file-lock';
import { sha256 } from './json-objects';
import type { ConditionalPut, ObjectStore } from './object-store';
import { errorCode } from './system-error';

/** Unfinished writes and locks, inside the store so that a rename stays within one file system. */
const WORK = '.work';

/**
 * A directory as an object store. Writes are atomic: a temporary file, then a rename. Conditional writes
 * are safe between processes: each writer of a key holds that key's lock file. An object's etag is its
 * sha256.
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

  async put(key: string, body: Uint8Array): Promise<void> {
    const path = this.#pathOf(key);
    await this.#guard(key, () => this.#locked(key, () => this.#replace(path, body, false)));
  }

  async putIfMatch(key: string, body: Uint8Array, etag: string | undefined): Promise<ConditionalPut> {
    const path = this.#pathOf(key);
    return this.#guard(key, () =>
      this.#locked(key, async () => {
        const current = await this.getWithETag(key);
        if (current?.etag !== etag) return { written: false };
        await this.#replace(path, body, true);
        return { written: true, etag: sha256(body) };
      }),
    );
  }

  async *list(prefix: string): AsyncIterable<{ key: string; size: number; lastModified: Date }> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (folder !== '') this.#pathOf(folder.slice(0, -1));
    yield* this.#walk(folder, prefix);
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    await this.#guard(key, () => this.#locked(key, () => rm(path, { force: true })));
  }

  /** Depth first, in the order S3 lists: by the whole key, so that `a.b` comes before `a/b`. */
  async *#walk(
    folder: string,
    prefix: string,
  ): AsyncIterable<{ key: string; size: number; lastModified: Date }> {
    const entries = await this.#guard(folder, async () => {
      try {
        return await readdir(join(this.#root, folder), { withFileTypes: true });
      } catch (error) {
        if (isAbsence(error)) return [];
        throw error;
      }
    });
    const names = entries
      .filter((entry) => !entry.name.startsWith('.'))
      .map((entry) => folder + entry.name + (entry.isDirectory() ? '/' : ''))
      .filter((name) => name.startsWith(prefix) || prefix.startsWith(name))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const name of names) {
      if (name.endsWith('/')) {
        yield* this.#walk(name, prefix);
      } else if (name.startsWith(prefix)) {
        const found = await stat(join(this.#root, name)).catch(() => undefined);
        if (found?.isFile() === true) yield { key: name, size: found.size, lastModified: found.mtime };
      }
    }
  }

  async #replace(path: string, body: Uint8Array, durable: boolean): Promise<void> {
    const temporary = join(this.#root, WORK, `${randomUUID()}.tmp`);
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(body);
        // Only what others rely on at once is worth waiting for the disk; shards are verified before use.
        if (durable) await file.sync();
      } finally {
        await file.close();
      }
      await mkdir(dirname(path), { recursive: true });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #locked<T>(key: string, work: () => Promise<T>): Promise<T> {
    const folder = join(this.#root, WORK);
    await mkdir(folder, { recursive: true });
    return withFileLock(join(folder, `${sha256(Buffer.from(key))}.lock`), work);
  }

  /** The file of a key; a key that could leave the directory, or hide in it, is refused. */
  #pathOf(key: string): string {
    const parts = key.split('/');
    const refused =
      // NUL ends a path early, and other control characters have no business in a key.
      /[\\\u0000-\u001f]/.test(key) || parts.some((part) => part === '' || part.startsWith('.'));
    if (refused) throw new SourceUnavailable(`${JSON.stringify(key)} is not a key of ${this.url}.`);
    return join(this.#root, ...parts);
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

/** No such file; also where the key goes through a file, or names a directory: neither is an object. */
function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCode(error) ?? '');
}
