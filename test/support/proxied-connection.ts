import { connect, type Socket } from 'node:net';

/** When a proxy cuts a connection. */
export interface Cut {
  /** Whose bytes are counted, on each connection anew. */
  readonly of: 'requests' | 'replies';
  readonly afterBytes: number;
  /** Connections cut in all. */
  readonly times: number;
  /** Of requests: the last ones are carried out, and their replies are lost. Else the last ones never arrive. */
  readonly actedUpon?: boolean;
}

/** How a connection is to be treated, asked anew for all that passes. */
export interface Handling {
  latency(): number;
  slice(): number;
  alter(reply: Buffer): Buffer;
  /** The cut that is still to be made, if any. */
  cut(): Cut | undefined;
  /** Told of each cut. */
  cutting(): void;
}

/** One connection through a proxy. */
export class ProxiedConnection {
  readonly #server: Socket;
  #carrying = false;
  #sent = 0;
  #received = 0;
  /** Pieces leave in their order, each when the one before has left. */
  #delivery: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: Socket,
    target: number,
    private readonly handling: Handling,
  ) {
    client.setNoDelay(true).on('error', () => undefined);
    this.#server = connect({ port: target, host: '127.0.0.1' }).setNoDelay(true);
    this.#server.on('error', () => undefined);
    client.on('close', () => this.#server.destroy());
  }

  carry(): void {
    const { client } = this;
    this.#carrying = true;
    client.on('data', (chunk: Buffer) => this.#request(chunk)).on('end', () => this.#server.end());
    this.#server.on('data', (chunk: Buffer) => this.#reply(chunk)).on('close', () => this.#serverClosed());
  }

  /** Nothing passes any more in either direction, and the client is not told. */
  lose(): void {
    this.#carrying = false;
    this.client.pause();
    this.#server.destroy();
  }

  reset(): void {
    // A socket that is being shut down refuses a reset, and Node would wait for it for ever on its way out.
    if (this.client.writableEnded) this.client.destroy();
    else this.client.resetAndDestroy();
  }

  end(): void {
    this.client.destroy();
    this.#server.destroy();
  }

  #request(chunk: Buffer): void {
    if (!this.#carrying) return;
    const cut = this.handling.cut();
    this.#sent += chunk.length;
    if (cut?.of !== 'requests' || this.#sent < cut.afterBytes) {
      this.#server.write(chunk);
      return;
    }
    this.handling.cutting();
    if (cut.actedUpon === true) this.#dropReplies(chunk);
    else this.end();
  }

  /** A server closes after it has read to the end: then it has carried out all of it. */
  #dropReplies(last: Buffer): void {
    this.#carrying = false;
    this.#server.end(last);
    this.#server.once('close', () => this.client.destroy());
  }

  #reply(chunk: Buffer): void {
    if (!this.#carrying) return;
    const { handling } = this;
    const cut = handling.cut();
    this.#received += chunk.length;
    const excess = cut?.of === 'replies' ? this.#received - cut.afterBytes : -1;
    this.#deliver(handling.alter(excess < 0 ? chunk : chunk.subarray(0, chunk.length - excess)));
    if (excess < 0) return;
    handling.cutting();
    this.#server.destroy();
  }

  #deliver(reply: Buffer): void {
    const { client, handling } = this;
    const latency = handling.latency();
    const due = latency === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, latency));
    this.#delivery = this.#delivery.then(async () => {
      await due;
      const slice = handling.slice();
      for (let at = 0; at < reply.length; at += slice) {
        if (at > 0) await new Promise(setImmediate);
        if (!client.destroyed) client.write(reply.subarray(at, at + slice));
      }
    });
  }

  #serverClosed(): void {
    if (this.#carrying) void this.#delivery.then(() => this.client.destroySoon());
  }
}
