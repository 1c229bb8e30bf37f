import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { BadSetting } from './settings';

/** Milliseconds a client has to send its request. */
const REQUEST_TIMEOUT = 30_000;
/** Milliseconds that requests under way may take to end once the server stops. */
const STOP_PATIENCE = 5_000;

export interface Listening {
  readonly port: number;
  /** Takes no new request, waits for those under way, at most 5 s. */
  stop(): Promise<void>;
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), STOP_PATIENCE);
  await closed;
  clearTimeout(deadline);
}

/**
 * Serves on the loopback interface alone: without authentication nobody else should get in.
 * @param port 0 for any free one
 * @throws BadSetting when the port is taken or not allowed
 */
export async function listen(
  port: number,
  handle: (request: Request) => Promise<Response>,
): Promise<Listening> {
  const listener = getRequestListener(handle);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT }, (request, response) => {
    void listener(request, response);
  });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new BadSetting('PORT', `${port} is in use; set PORT to another, or to 0.`);
    if (code === 'EACCES') throw new BadSetting('PORT', `${port} is not allowed; set one above 1023.`);
    throw error;
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { port: address.port, stop: () => stop(server) };
}
