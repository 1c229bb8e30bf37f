import { keys } from '../names/keys';

/** One key as a backup holds it. */
export interface SnapshotRecord {
  readonly key: Buffer;
  /** What DUMP answered, unchanged. */
  readonly payload: Buffer;
  /** When the key expires, Unix time in milliseconds; 0 means never. */
  readonly expiresAt: number;
}

/**
 * Which release is live, what this cache was told and when the monitor last wrote are facts about one Redis, not data
 * to carry elsewhere.
 */
const ABOUT_THIS_REDIS: readonly string[] = [keys.release, keys.told, keys.beat];

/**
 * Whether a key means something only now and here. A restored lease would block a loader, a restored release key
 * would name a release that the other catalog may not have, and uses that were rolled up already would count twice.
 */
export function isOfTheMoment(key: Buffer): boolean {
  const text = key.toString('latin1');
  return text.endsWith(':lease') || ABOUT_THIS_REDIS.includes(text) || /^\{?usage:/.test(text);
}

/** A key as a person may read it: unprintable bytes as `\xNN`, shortened past 80 characters. */
export function printableKey(key: Buffer): string {
  const text = key.toString('latin1').replace(/[^\x20-\x7e]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
