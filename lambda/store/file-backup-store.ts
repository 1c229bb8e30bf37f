import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectStore } from './object-store';
import { SourceUnavailable } from '../names/errors';
import type { BackupStore, UploadOptions } from './backup-store';

/** Uploads at work; a hidden folder, so that a listing never sees half of one. */
const UPLOADS = '.uploads';
/** An upload that nobody has touched for so long belongs to a process that died, milliseconds. */
const ABANDONED_MS = 24 * 3_600_000;
const READ_CHUNK_BYTES = 256 * 1024;

/** A directory as a backup store. It knows no retention: whoever owns the directory may delete. */
export class FileBackupStore implements BackupStore {
  constructor(
    private readonly objects: ObjectStore,
    private readonly root: string,
  ) {}

  get url(): string {
    return this.objects.url;
  }

  async upload(key: string, body: AsyncIterable<Uint8Array>, _options?: UploadOptions): Promise<void> {
    const guard = <T>(work: () => Promise<T>): Promise<T> => this.#guard(`write ${key}`, work);
    const folder = join(this.root, UPLOADS);
    const path = join(this.root, ...key.split('/'));
    const temporary = join(folder, randomUUID());
    await guard(() => mkdir(folder, { recursive: true }));
    await sweep(folder);
    try {
      const file = await guard(() => open(temporary, 'wx'));
      try {
        for await (const chunk of body) await guard(() => file.writeFile(chunk));
        await guard(() => file.sync());
      } finally {
        await file.close();
      }
      await guard(() => mkdir(dirname(path), { recursive: true }));
      await guard(() => rename(temporary, path));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async *read(key: string): AsyncGenerator<Uint8Array> {
    const file = createReadStream(join(this.root, ...key.split('/')), { highWaterMark: READ_CHUNK_BYTES });
    const chunks = file[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#guard(`read ${key}`, () => chunks.next());
        if (next.done === true) return;
        if (Buffer.isBuffer(next.value)) yield next.value;
      }
    } finally {
      file.destroy();
    }
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.objects.get(key);
  }

  list(prefix: string): ReturnType<ObjectStore['list']> {
    return this.objects.list(prefix);
  }

  delete(key: string): Promise<void> {
    return this.objects.delete(key);
  }

  async #guard<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SourceUnavailable(`Cannot ${what} in ${this.url} (${reason}).`, { cause: error });
    }
  }
}

/** Removes what processes that died left behind; never fails an upload for it. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const touched = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - touched > ABANDONED_MS) await rm(path, { force: true }).catch(() => undefined);
  }
}
