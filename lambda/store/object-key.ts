import { InvalidRequest } from '../names/errors';

/** S3's limit; a directory's is never smaller than the keys we make. */
const MOST_BYTES = 1_024;
/** NUL ends a path early, and other control characters have no business in a key. */
const CONTROLS_OR_BACKSLASH = /[\\\u0000-\u001f\u007f]/;

/**
 * The key, if it stays inside its store and shows in it: segments parted by single slashes, none of which is
 * empty or starts with a dot (`..` leads out, and hidden names are the directory store's own). Every key that any
 * store turns into a path or an object comes through here.
 * @throws InvalidRequest of the field `key`
 */
export function checkedKey(key: string): string {
  return checked('key', key, isKey(key));
}

/**
 * The beginning of keys, if it can be one: empty, a folder with its slash, or with the start of a name after it.
 * @param field what the caller knows it by
 * @throws InvalidRequest
 */
export function checkedPrefix(prefix: string, field = 'prefix'): string {
  const folder = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return checked(field, prefix, prefix === '' || isKey(folder));
}

function isKey(text: string): boolean {
  const segments = text.split('/');
  return (
    Buffer.byteLength(text) <= MOST_BYTES &&
    !CONTROLS_OR_BACKSLASH.test(text) &&
    segments.every((segment) => segment !== '' && !segment.startsWith('.'))
  );
}

function checked(field: string, text: string, good: boolean): string {
  if (good) return text;
  throw new InvalidRequest(
    field,
    `${field} ${JSON.stringify(text.slice(0, 80))} does not stay inside the store; expected names parted by single slashes, none starting with a dot, such as backups/redis/dev/.`,
  );
}
