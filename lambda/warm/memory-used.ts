import { MEGABYTE } from '../names/units';
import { parseInfo } from '../redis/info';
import type { RedisConnection } from '../redis/connection';

/**
 * Share of the plan's memory that Redis uses, 0 to 1. Managed services hide `maxmemory`, so the plan comes
 * from configuration; undefined when Redis does not tell or there is no plan.
 */
export async function memoryUsed(
  connection: RedisConnection,
  planMemoryMb: number | undefined,
): Promise<number | undefined> {
  if (planMemoryMb === undefined || planMemoryMb === 0) return undefined;
  try {
    const info = parseInfo(await connection.run((client) => client.info('memory')));
    return info.usedMemoryBytes === undefined ? undefined : info.usedMemoryBytes / (planMemoryMb * MEGABYTE);
  } catch {
    // Warming notices by itself when Redis is gone; not knowing the memory is no reason to stop.
    return undefined;
  }
}
