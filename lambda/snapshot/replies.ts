import { Refusal } from '../redis/bulk-connection';
import { RedisUnavailable } from '../redis/failures';

/** A server's refusal of SCAN, DUMP, PTTL or TIME: nothing can be copied then. */
export class ReadRefused extends Error {
  constructor(refusal: Refusal) {
    super(`Redis refused to be read: ${refusal.message}`);
    this.name = 'ReadRefused';
  }
}

function elements(reply: unknown): readonly unknown[] {
  if (reply instanceof Refusal) throw new ReadRefused(reply);
  return Array.isArray(reply) ? reply : [];
}

/** Unix time of the server in milliseconds, from TIME's reply. */
export function serverTime(reply: unknown): number {
  const [seconds, microseconds] = elements(reply);
  const time = Number(String(seconds)) * 1_000 + Math.floor(Number(String(microseconds)) / 1_000);
  if (!Number.isFinite(time)) throw new RedisUnavailable('other');
  return time;
}

/** Next cursor and keys, from SCAN's reply. A cursor is a 64-bit number, more than a JavaScript one holds. */
export function scanPage(reply: unknown): { cursor: string; keys: Buffer[] } {
  const [cursor, keys] = elements(reply);
  if (!Buffer.isBuffer(cursor)) throw new RedisUnavailable('other');
  return { cursor: cursor.toString(), keys: elements(keys).filter((key) => Buffer.isBuffer(key)) };
}
