import { setTimeout as sleep } from 'node:timers/promises';
import type { BulkSession } from '../lambda/redis/bulk-session';
import type { Clock } from '../lambda/redis/snapshot/pace';
import type { RedisLocation } from './context';
import type { Output } from './output';

export const SYSTEM_CLOCK: Clock = { now: Date.now, sleep: (ms) => sleep(ms) };

/**
 * Opens a session for copying data and connects it, so that a wrong address or password shows at once.
 * @param label what the Redis is to the command, for messages: `the target`
 * @throws Error naming the label and the kind of failure; nothing of the connection string
 */
export async function openBulkRedis(
  location: RedisLocation,
  label: string,
  output: Output,
  options: { noTouch?: boolean } = {},
): Promise<BulkSession> {
  const [{ BulkSession }, { constantSource }] = await Promise.all([
    import('../lambda/redis/bulk-session'),
    import('../lambda/redis/source'),
  ]);
  const source =
    location.kind === 'value'
      ? constantSource(location.connectionString)
      : (await import('../lambda/redis/secret')).secretSource(location.secretId);
  const session = new BulkSession({
    source,
    clock: SYSTEM_CLOCK,
    ...options,
    onRetry: (reason, delayMs) => output.warn(`${label}: ${reason}; trying again in ${delayMs} ms`),
  });
  try {
    await session.connect();
  } catch (error) {
    session.close();
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot work with ${label}: ${problem}.`, { cause: error });
  }
  return session;
}
