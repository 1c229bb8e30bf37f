import { systemClock } from '../../lambda/names/clock';
import type { BulkSession } from '../../lambda/redis/bulk-session';
import type { RedisUnavailable } from '../../lambda/redis/failures';
import type { RedisLocation } from '../context';
import type { Output } from '../terminal/output';

const REMEDIES: Partial<Record<RedisUnavailable['failure'], string>> = {
  auth: 'user or password is wrong, or was changed',
  tls: 'the connection string says rediss:// where the server speaks no TLS, or its certificate is not trusted',
  command: 'the server refused a step of the login: the user may not be allowed PING',
  maxclients: "all of the plan's connections are taken",
  secret: 'the secret cannot be read; check --env, and the AWS credentials and region',
};

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
  const [{ BulkSession }, { constantSource }, { RedisUnavailable }] = await Promise.all([
    import('../../lambda/redis/bulk-session'),
    import('../../lambda/redis/source'),
    import('../../lambda/redis/failures'),
  ]);
  const source =
    location.kind === 'value'
      ? constantSource(location.connectionString)
      : (await import('../../lambda/redis/secret')).secretSource(location.secretId);
  const session = new BulkSession({
    source,
    clock: systemClock,
    ...options,
    onRetry: (reason, delayMs) => output.warn(`${label}: ${reason}; trying again in ${delayMs} ms`),
  });
  try {
    await session.connect();
  } catch (error) {
    session.close();
    if (!(error instanceof RedisUnavailable)) throw error;
    // A refused database says its remedy itself.
    const remedy =
      error.failure === 'database'
        ? ''
        : `; ${REMEDIES[error.failure] ?? 'check the connection string, and that the server is up'}`;
    throw new Error(`Cannot work with ${label}: ${error.message}${remedy}.`, { cause: error });
  }
  return session;
}
