import type { ConnectionSource } from '../lambda/redis/source';
import type { RedisLocation } from './context';

/**
 * Where a command's connection string comes from: the environment's secret, or a value of this process.
 * @throws InvalidConnectionString for a value that is none
 */
export async function redisSource(location: RedisLocation): Promise<ConnectionSource> {
  if (location.kind === 'value') {
    const [{ constantSource }, { parseConnectionString }] = await Promise.all([
      import('../lambda/redis/source'),
      import('../lambda/redis/connection-string'),
    ]);
    parseConnectionString(location.connectionString);
    return constantSource(location.connectionString);
  }
  const { secretSource } = await import('../lambda/redis/secret');
  return secretSource(location.secretId);
}
