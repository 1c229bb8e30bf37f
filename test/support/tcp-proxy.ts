import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on loopback that can lose its way, as networks do. */
export class TcpProxy {
  readonly #pairs = new Set<[Socket, Socket]>();
  #dark = false;
  connections = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(target: number): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    const proxy = new TcpProxy(server, address.port);
    server.on('connection', (socket) => proxy.#accept(socket, target));
    return proxy;
  }

  get connectionString(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Connections open now go nowhere any more, and nobody is told: half-open sockets. New ones work. */
  loseConnections(): void {
    for (const [client, server] of this.#pairs) {
      client.unpipe();
      server.unpipe();
      client.pause();
      server.destroy();
    }
  }

  /** New connections are accepted, and answered by nothing. */
  accept(mode: 'nothing' | 'all'): void {
    this.#dark = mode === 'nothing';
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    await closed;
  }

  #accept(client: Socket, target: number): void {
    this.connections += 1;
    client.on('error', () => undefined);
    const server = connect({ port: target, host: '127.0.0.1' });
    server.on('error', () => undefined);
    const pair: [Socket, Socket] = [client, server];
    this.#pairs.add(pair);
    client.on('close', () => {
      server.destroy();
      this.#pairs.delete(pair);
    });
    if (this.#dark) return;
    client.pipe(server);
    server.pipe(client);
  }
}
