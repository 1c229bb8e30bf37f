import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Cut, type Handling, ProxiedConnection } from './proxied-connection';

/** A TCP proxy on loopback that behaves as badly as networks do. All it is told holds from then on. */
export class TcpProxy {
  /** Connections accepted so far, and those cut by `cut`. */
  connections = 0;
  cuts = 0;
  /** Milliseconds by which each reply comes later. */
  latency = 0;
  /** Replies arrive in pieces of at most so many bytes, each by itself. */
  slice = Number.POSITIVE_INFINITY;
  /** What arrives of a reply: see `flippedBits`. */
  alter: (reply: Buffer) => Buffer = (reply) => reply;
  readonly #open = new Set<ProxiedConnection>();
  readonly #handling: Handling;
  #dark = false;
  #cut: Cut | undefined;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    /** Port that new connections are carried to. */
    public target: number,
  ) {
    this.#handling = {
      latency: () => this.latency,
      slice: () => this.slice,
      alter: (reply) => this.alter(reply),
      cut: () => (this.#cut === undefined || this.cuts >= this.#cut.times ? undefined : this.#cut),
      cutting: () => (this.cuts += 1),
    };
  }

  static async to(target: number): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    const proxy = new TcpProxy(server, address.port, target);
    server.on('connection', (socket) => proxy.#accept(socket));
    return proxy;
  }

  get connectionString(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Connections open now go nowhere any more, and nobody is told: half-open sockets. New ones work. */
  loseConnections(): void {
    for (const connection of this.#open) connection.lose();
  }

  /** Connections open now end with a reset (RST). New ones work. */
  resetConnections(): void {
    for (const connection of this.#open) connection.reset();
  }

  /** With `nothing`, new connections are accepted, and answered by nothing. */
  accept(mode: 'nothing' | 'all'): void {
    this.#dark = mode === 'nothing';
  }

  /** Cuts connections once they have carried so much; undefined ends that. `cuts` counts from 0 again. */
  cut(cut: Cut | undefined): void {
    this.cuts = 0;
    this.#cut = cut;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const connection of this.#open) connection.end();
    await closed;
  }

  #accept(client: Socket): void {
    this.connections += 1;
    const connection = new ProxiedConnection(client, this.target, this.#handling);
    this.#open.add(connection);
    client.on('close', () => this.#open.delete(connection));
    if (!this.#dark) connection.carry();
  }
}

/** An alteration: one bit of every `every` bytes is flipped, the first after so many bytes. */
export function flippedBits(every: number): (reply: Buffer) => Buffer {
  let carried = 0;
  return (reply) => {
    const altered = Buffer.from(reply);
    for (let at = every - 1 - (carried % every); at < altered.length; at += every) {
      altered[at]! ^= 1 << (Math.floor((carried + at) / every) % 8);
    }
    carried += reply.length;
    return altered;
  };
}
