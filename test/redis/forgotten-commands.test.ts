import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { clientOf } from '../../lambda/redis/client';

/** Answers a first connection's greeting, breaks it off at the first command, and lets no other one get ready. */
async function fickleServer(): Promise<{ server: Server; port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (sockets.length > 1) return;
      if (bytes.toString().includes('ping')) socket.destroy();
      else socket.write('%1\r\n+server\r\n+redis\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0, sockets };
}

it('a command that was under way when its connection broke fails as soon as its client is given up', async () => {
  const { server, port, sockets } = await fickleServer();
  const client = clientOf({
    host: '127.0.0.1',
    port,
    // None of the two comes to pass while this test lasts.
    commandTimeout: 3_600_000,
    maxRetriesPerRequest: 1_000,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => 0,
  });
  client.on('error', () => undefined);
  const again = new Promise<void>((resolve) => {
    server.on('connection', () => {
      if (sockets.length > 1) resolve();
    });
  });
  const waiting = client.ping();
  const failed = expect(waiting).rejects.toThrow('Connection is closed');
  await again;
  client.disconnect();
  await failed;
  for (const each of sockets) each.destroy();
  server.close();
});
