import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListedObject } from './object-store';
import { errorCode } from './system-error';

/**
 * The files below a directory whose keys start with `prefix`, depth first, in the order S3 lists: by the whole
 * key, so that `a.b` comes before `a/b`. Hidden names are left out. Throws the system's errors.
 */
export async function* listFiles(root: string, prefix: string): AsyncGenerator<ListedObject> {
  yield* below(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
}

async function* below(root: string, folder: string, prefix: string): AsyncGenerator<ListedObject> {
  const names = (await entriesOf(join(root, folder)))
    .map((name) => folder + name)
    .filter((name) => name.startsWith(prefix) || prefix.startsWith(name))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    if (name.endsWith('/')) {
      yield* below(root, name, prefix);
    } else if (name.startsWith(prefix)) {
      const found = await stat(join(root, name)).catch(() => undefined);
      if (found?.isFile() === true) yield { key: name, size: found.size, lastModified: found.mtime };
    }
  }
}

/** Names in a directory, those of directories with a slash; none where there is no such directory. */
async function entriesOf(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith('.'))
      .map((entry) => entry.name + (entry.isDirectory() ? '/' : ''));
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

/** No such file; also where the key goes through a file, or names a directory: neither is an object. */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCode(error) ?? '');
}
