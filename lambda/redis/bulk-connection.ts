import { type Redis, type RedisOptions, ReplyError } from 'ioredis';
import { AppError } from '../names/errors';
import { clientOf } from './client';
import { type ConnectionTarget, parseConnectionString } from './connection-string';
import { classify, RedisUnavailable } from './failures';
import { type RedisFailure } from '../names/redis-failure';
import { redisOptions } from './options';

/** One command of an exchange, its name first. */
export type BulkCommand = readonly [name: string, ...args: (string | Buffer | number)[]];

/** A server's refusal of one command; the others of its exchange stand. */
export class Refusal extends Error {
  /** First word of the answer: OOM, BUSYKEY, READONLY, LOADING, …, or ERR. */
  readonly reason: string;

  constructor(message: string) {
    super(message);
    this.name = 'Refusal';
    this.reason = /^[A-Z]+\b/.exec(message)?.[0] ?? 'ERR';
  }
}

/** The replies of an exchange outgrew what its caller allowed; they were not read to the end. */
export class ReplyTooLarge extends Error {
  constructor(mostBytes: number) {
    super(`The replies of one exchange are larger than ${mostBytes} bytes.`);
    this.name = 'ReplyTooLarge';
  }
}

/**
 * Milliseconds for copying data, where lookups' limits (`TIMEOUTS`) would give up: a batch may be megabytes, the
 * way to the server a home connection.
 */
const BULK_TIMEOUTS = { socket: 20_000, connect: 10_000 } as const;

function bulkOptions(target: ConnectionTarget): RedisOptions {
  return {
    ...redisOptions(target),
    // Silence on the socket says enough; a timer for each of a million commands would cost more than the commands.
    commandTimeout: undefined,
    socketTimeout: BULK_TIMEOUTS.socket,
    connectTimeout: BULK_TIMEOUTS.connect,
    enableAutoPipelining: false,
    // Whoever copies data must know that a connection was lost, so the client never reconnects by itself.
    retryStrategy: () => null,
    autoResendUnfulfilledCommands: false,
    protocol: 2,
  };
}

/**
 * One connection reaches one node of a cluster, so a copy made through it would silently lack the others' keys.
 */
export class ClusterUnsupported extends AppError {
  constructor() {
    super(
      'INVALID_REQUEST',
      "Backups, restores and migrations do not speak the cluster protocol (?cluster=true). Use Redis Cloud's own backup for such a database, or turn its OSS Cluster API off and leave the parameter out: the proxy then serves all shards on one connection.",
      { field: 'connectionString' },
    );
  }
}

/** Ends a client. ioredis sets a timer of 2 s for one that has ended already, which would keep a process alive. */
function end(client: Redis): void {
  if (client.status !== 'end') client.disconnect();
}

/** A connection of its own for copying data. It lives until it fails once. */
export class BulkConnection {
  private constructor(
    private readonly client: Redis,
    /** Number of the selected database. */
    readonly database: number,
  ) {}

  /**
   * @throws RedisUnavailable when there is no way to the server or it refuses the credentials;
   *   InvalidConnectionString; ClusterUnsupported
   */
  static async open(connectionString: string): Promise<BulkConnection> {
    const target = parseConnectionString(connectionString);
    if (target.cluster) throw new ClusterUnsupported();
    const client = clientOf(bulkOptions(target));
    // With no reconnection, what went wrong appears in this event alone.
    let failure: RedisFailure = 'other';
    client.on('error', (error: unknown) => (failure = classify(error)));
    try {
      await client.connect();
      await client.ping();
      // The handshake goes on where this is refused, and would leave us at database 0, with a stranger's keys.
      if (target.db !== 0) await client.select(target.db);
    } catch (error) {
      end(client);
      const shown = classify(error);
      throw new RedisUnavailable(shown === 'closed' || shown === 'other' ? failure : shown);
    }
    return new BulkConnection(client, target.db);
  }

  /**
   * Sends all commands at once and answers their replies in order; strings come as Buffers, refused commands as
   * Refusal.
   * @param mostReplyBytes more than that of replies ends the connection instead of filling memory
   * @throws RedisUnavailable when the connection failed, ReplyTooLarge; some of the commands may have been carried
   *   out
   */
  async exchange(commands: readonly BulkCommand[], mostReplyBytes = Infinity): Promise<unknown[]> {
    const { stream } = this.client;
    const most = stream.bytesRead + mostReplyBytes;
    const endIfTooLarge = (): void => {
      if (stream.bytesRead > most) stream.destroy();
    };
    stream.on('data', endIfTooLarge);
    try {
      return await this.#send(commands);
    } catch (error) {
      throw stream.bytesRead > most ? new ReplyTooLarge(mostReplyBytes) : error;
    } finally {
      stream.off('data', endIfTooLarge);
    }
  }

  async #send(commands: readonly BulkCommand[]): Promise<unknown[]> {
    const [only, ...others] = commands;
    if (only !== undefined && others.length === 0) return [await this.#sendOne(only)];
    const pipeline = this.client.pipeline();
    for (const [name, ...args] of commands) pipeline.callBuffer(name, args);
    const results = (await pipeline.exec()) ?? [];
    return results.map(([error, reply]) => (error === null ? reply : refusalOf(error)));
  }

  /** A pipeline would make another copy of a large value. */
  async #sendOne([name, ...args]: BulkCommand): Promise<unknown> {
    try {
      return await this.client.callBuffer(name, args);
    } catch (error) {
      return refusalOf(error);
    }
  }

  close(): void {
    end(this.client);
  }
}

/** @throws RedisUnavailable where the connection failed and not the one command */
function refusalOf(error: unknown): Refusal {
  if (error instanceof ReplyError && error instanceof Error) return new Refusal(error.message);
  throw new RedisUnavailable(classify(error));
}
