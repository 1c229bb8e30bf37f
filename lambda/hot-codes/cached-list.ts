import { encodeFrame } from '../cache/frames';
import { keys } from '../names/keys';
import { TTL } from '../names/ttl';
import type { RedisClient } from '../redis/connection';
import { type HotCodesDocument, listOf } from './hot-codes-document';

/**
 * Puts a team's new list into the cache. The lease goes first: a loader that read the former list a moment ago
 * must not write it back over this one.
 */
export async function cacheList(client: RedisClient, document: HotCodesDocument): Promise<void> {
  const key = keys.hotCodes(document.teamId);
  await Promise.all([
    client.unlink(keys.lease(key)),
    client.set(key, encodeFrame(listOf(document)), 'EX', TTL.hotCodes),
  ]);
}
