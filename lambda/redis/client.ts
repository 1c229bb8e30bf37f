import { type Command, Redis, type RedisOptions } from 'ioredis';
import DataHandler from 'ioredis/built/DataHandler';
import { classify } from './failures';

/** What ioredis says in an event of a reply that came while no command waited for one. */
const STRAY_REPLY = /^Command queue state error/;

/** What ioredis says of commands that a client's end leaves unanswered (CONNECTION_CLOSED_ERROR_MSG). */
const CONNECTION_CLOSED = 'Connection is closed.';

/**
 * What goes wrong while ioredis hands a reply on, it throws where nobody can catch it, and the process ends: a null
 * that came while no command waited is enough. Thrown where the reply was read, it ends the connection instead.
 */
Object.defineProperty(DataHandler.prototype, 'dispatch', { value: (handOn: () => void) => handOn() });

/**
 * A client for one server that goes on only where it can: not in another database than its options name, and not on a
 * connection whose replies it has lost count of. ioredis tells of either in an event alone. Where a server refuses
 * SELECT, it would go on in database 0, where a stranger's keys may lie. After a reply too many it would take each
 * for the answer of another command, and where a damaged length makes it read the same bytes again and again, it
 * would never end. Thrown from that event, the error ends the connection as a refused password does; the client then
 * tries again as its options say.
 */
export function clientOf(options: RedisOptions): Redis {
  const client = new Redis(options);
  const seen = new WeakSet<Error>();
  client.on('error', (error: Error) => {
    const ends = STRAY_REPLY.test(error.message) || classify(error) === 'database';
    // It comes once more when the connection ends, and is then for everybody else.
    if (!ends || seen.has(error)) return;
    seen.add(error);
    throw error;
  });
  client.on('end', () => refuseForgotten(client));
  return client;
}

/**
 * Commands that were under way when the connection broke wait for the next one. Where that one never gets ready and the
 * client ends, ioredis forgets them, and each would wait for its whole time-out.
 */
function refuseForgotten(client: Redis): void {
  const waiting: unknown = Reflect.get(client, 'prevCommandQueue');
  if (!isQueue(waiting)) return;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    next.command.reject(new Error(CONNECTION_CLOSED));
  }
}

interface Queue {
  shift(): { readonly command: Command } | undefined;
}

function isQueue(value: unknown): value is Queue {
  return typeof value === 'object' && value !== null && 'shift' in value;
}
