import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually } from '../support/eventually';
import { TcpProxy } from '../support/tcp-proxy';

/** A server that replicates at once. */
const ARGS = ['--repl-diskless-sync-delay', '0', '--repl-timeout', '60'];

/** A client that fails soon rather than waits. */
export function directClient(port: number): Redis {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 1 });
  client.on('error', () => undefined);
  return client;
}

/** A primary and its replica, each behind an address that stays when they change places. */
export class Pair {
  /** Whether the replica follows the primary. */
  linked = true;

  private constructor(
    private primary: RedisServer,
    private replica: RedisServer,
    readonly front: TcpProxy,
    private readonly frontOfReplica: TcpProxy,
  ) {}

  static async start(): Promise<Pair> {
    const primary = await startRedisServer({ args: ARGS });
    const replica = await startRedisServer({
      args: [...ARGS, '--replicaof', '127.0.0.1', String(primary.port)],
    });
    const fronts = await Promise.all([TcpProxy.to(primary.port), TcpProxy.to(replica.port)]);
    return new Pair(primary, replica, ...fronts);
  }

  get connectionString(): string {
    return `${this.front.connectionString}?replica=127.0.0.1:${this.frontOfReplica.port}`;
  }

  /** Does something at the primary. */
  async atPrimary<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    return at(this.primary, work);
  }

  /** The replica keeps what it has, and hears no more of the primary. */
  async unlink(): Promise<void> {
    const deaf = await freePort();
    await at(this.replica, (client) => client.replicaof('127.0.0.1', deaf));
    this.linked = false;
  }

  async link(): Promise<void> {
    await at(this.replica, (client) => client.replicaof('127.0.0.1', this.primary.port));
    await eventually(
      () =>
        at(this.replica, async (client) => /master_link_status:up/.test(await client.info('replication'))),
      'the replica follows the primary',
    );
    this.linked = true;
  }

  /** The primary dies; after a while its replica takes its place, with all that it happens to hold. */
  async failOver(gap: number): Promise<void> {
    process.kill(this.primary.pid, 'SIGKILL');
    this.front.resetConnections();
    await this.primary.stop();
    await sleep(gap);
    await at(this.replica, (client) => client.replicaof('NO', 'ONE'));
    this.primary = this.replica;
    this.front.target = this.primary.port;
    this.front.resetConnections();
    this.replica = await startRedisServer({
      args: [...ARGS, '--replicaof', '127.0.0.1', String(this.primary.port)],
    });
    this.frontOfReplica.target = this.replica.port;
    this.frontOfReplica.resetConnections();
    await this.link();
  }

  async stop(): Promise<void> {
    await Promise.all([this.front.close(), this.frontOfReplica.close()]);
    await Promise.all([this.primary.stop(), this.replica.stop()]);
  }
}

async function at<T>({ port }: RedisServer, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = directClient(port);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
