import { Redis, type RedisOptions } from 'ioredis';
import { classify } from './failures';

/**
 * A client for one server that works in the database of its options or not at all. Where a server refuses SELECT,
 * ioredis only says so in an event and goes on in database 0, where a stranger's keys may lie. Thrown from that event,
 * the refusal ends the connection as a refused password does; the client then tries again as its options say.
 */
export function clientOf(options: RedisOptions): Redis {
  const client = new Redis(options);
  const seen = new WeakSet<Error>();
  client.on('error', (error: Error) => {
    // It comes once more when the connection ends, and is then for everybody else.
    if (classify(error) !== 'database' || seen.has(error)) return;
    seen.add(error);
    throw error;
  });
  return client;
}
