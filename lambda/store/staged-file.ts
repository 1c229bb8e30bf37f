import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const SUFFIX = '.tmp';
/** A file that nobody has touched for so long belongs to a process that died, milliseconds. */
const ABANDONED_MS = 24 * 3_600_000;

/** Runs a file operation, and turns the system's errors into the store's. */
type Guard = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A file written beside its place and then moved there, so that nobody ever sees half of it. `folder` must be on
 * the file system of the place.
 */
export class StagedFile {
  readonly #path: string;

  constructor(
    private readonly folder: string,
    private readonly guard: Guard,
  ) {
    this.#path = join(folder, `${randomUUID()}${SUFFIX}`);
  }

  /** Writes all chunks, down to the disk. Errors of `chunks` itself are thrown on as they are. */
  async write(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    await this.guard(() => mkdir(this.folder, { recursive: true }));
    const file = await this.guard(() => open(this.#path, 'wx'));
    try {
      for await (const chunk of chunks) await this.guard(() => file.writeFile(chunk));
      await this.guard(() => file.sync());
    } finally {
      await file.close();
    }
  }

  async moveTo(place: string): Promise<void> {
    await this.guard(async () => {
      await mkdir(dirname(place), { recursive: true });
      await rename(this.#path, place);
    });
  }

  /** Harmless once it has moved. Never throws: why it did not move matters more. */
  async discard(): Promise<void> {
    await rm(this.#path, { force: true }).catch(() => undefined);
  }
}

/** Removes the staged files of processes that died; never fails a write for it. */
export async function sweepStaged(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(SUFFIX))) {
    const path = join(folder, name);
    const touched = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - touched > ABANDONED_MS) await rm(path, { force: true }).catch(() => undefined);
  }
}
