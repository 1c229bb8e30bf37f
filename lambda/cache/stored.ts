import type { RedisClient } from '../redis/connection';
import { bytesReplies, bytesReply } from '../redis/replies';
import type { CacheTelemetry } from '../telemetry/cache-telemetry';
import { frameValue, MAX_FRAME, openFrame, unfoldedSize } from './frames';
import { believes, type Generation, UNKNOWN_RELEASE } from './generation';
import type { Kept } from './memory';

/** Most keys remembered as too large to read. */
const MOST_SUSPECTS = 1_000;

/** What lies under a key of another Redis type: no frame, so that it counts as damage and is overwritten. */
const NOT_A_STRING = Buffer.from([0xff]);

/**
 * Reads frames. A key whose read timed out may hold a value that takes longer than a time-out to send: the next read
 * asks for no more of it than a frame can have, so that it shows as damage, is replaced, and stands in nobody's way.
 */
export class StoredFrames {
  readonly #suspects = new Set<string>();

  /** Issues the reads; they travel together. Null for an absent key. */
  async read(client: RedisClient, wanted: readonly string[]): Promise<readonly unknown[]> {
    const first = wanted[0];
    if (first === undefined) return [];
    if (wanted.length === 1) return [await this.readOne(client, first)];
    if (client.isCluster || this.#suspects.size > 0) {
      return Promise.all(wanted.map((key) => this.readOne(client, key)));
    }
    return bytesReplies(await client.mgetBuffer(...wanted), wanted.length);
  }

  /** The keys of a read that timed out. */
  suspect(wanted: readonly string[]): void {
    for (const key of wanted) if (this.#suspects.size < MOST_SUSPECTS) this.#suspects.add(key);
  }

  /** The same for one key. */
  async readOne(client: RedisClient, key: string): Promise<unknown> {
    try {
      if (!this.#suspects.has(key)) return bytesReply(await client.getBuffer(key));
      const part = bytesReply(await client.getrangeBuffer(key, 0, MAX_FRAME));
      this.#suspects.delete(key);
      // GETRANGE answers with nothing for an absent key.
      return part?.length === 0 ? null : part;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return NOT_A_STRING;
      throw error;
    }
  }
}

/**
 * The value of what was read under a key; undefined for a miss. Anything but a whole frame of this key is counted; a
 * frame that has expired, or that the generation gives no reason to believe, is none of the cache's faults.
 * @param generation undefined where nobody tells what is live: then the value is good for an answer, not for keeping
 */
export function keptOf(
  key: string,
  read: unknown,
  generation: Generation | undefined,
  now: number,
  telemetry: CacheTelemetry,
): Kept | undefined {
  if (read === null || read === undefined) return undefined;
  try {
    if (!Buffer.isBuffer(read)) throw new Error('a reply of another kind');
    const { expiresAt, stamp } = openFrame(key, read);
    if (expiresAt <= now || (generation !== undefined && !believes(generation, stamp))) return undefined;
    return {
      value: frameValue(read),
      release: generation?.release ?? UNKNOWN_RELEASE,
      tag: generation?.tag ?? '',
      expiresAt,
      bytes: unfoldedSize(read),
    };
  } catch {
    telemetry.cacheError('undecodable');
    return undefined;
  }
}
