import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy that cuts connections, as networks do. */
export interface DroppingProxy {
  readonly port: number;
  /** Connections cut so far. */
  readonly drops: number;
  close(): Promise<void>;
}

/**
 * Forwards to `target`; cuts a connection once it has carried `afterBytes` towards the server, `times` times in
 * all. With `swallowReplies`, replies to the last chunk before the cut are lost although the server has acted.
 */
export async function droppingProxy(
  target: number,
  {
    afterBytes,
    times,
    swallowReplies = false,
  }: { afterBytes: number; times: number; swallowReplies?: boolean },
): Promise<DroppingProxy> {
  let drops = 0;
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server: Server = createServer((client) => {
    track(client);
    const upstream = track(connect({ port: target, host: '127.0.0.1' }));
    let carried = 0;
    client.on('data', (chunk: Buffer) => {
      carried += chunk.length;
      if (drops >= times || carried < afterBytes) {
        upstream.write(chunk);
        return;
      }
      if (client.destroyed) return;
      drops += 1;
      const cut = (): void => {
        client.destroy();
        upstream.destroy();
      };
      if (!swallowReplies) {
        cut();
        return;
      }
      // Everything reaches the server and is carried out, but the client never hears of it.
      upstream.removeAllListeners('data').on('data', () => undefined);
      upstream.write(chunk);
      setTimeout(cut, 100);
    });
    upstream.on('data', (chunk: Buffer) => client.write(chunk));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    port: address.port,
    get drops() {
      return drops;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
