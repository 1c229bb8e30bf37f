import { parseMark } from '../cache/release-mark';
import { keys } from '../names/keys';
import type { BulkRedis } from '../redis/bulk-session';

/**
 * Id of the release that a Redis names as the live one; null while it names none.
 * @param now milliseconds since 1970
 * @throws RedisUnavailable
 */
export async function releaseIn(redis: BulkRedis, now: number): Promise<string | null> {
  const { replies } = await redis.exchange([
    ['GET', keys.release],
    ['GET', keys.told],
  ]);
  return parseMark({ text: replies[0], note: replies[1] }, now)?.release ?? null;
}
