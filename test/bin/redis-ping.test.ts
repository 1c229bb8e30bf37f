import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pingRedis, type PingResult } from '../../bin/deploy/redis-ping';
import { redisRefusal } from '../../bin/deploy/redis-refusal';
import { addressOf } from '../../bin/deploy/redis-address';
import { parseConnectionString } from '../../lambda/redis/connection-string';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';
import { createAuthority, type Authority } from '../e2e/authority';

const PASSWORD = 'p@ss/w%rd#1';
const ENCODED = encodeURIComponent(PASSWORD);

let folder: string;
let authority: Authority;
let redis: RedisServer;
let tlsPort: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'redis-ping-'));
  authority = createAuthority(folder);
  tlsPort = await freePort();
  redis = await startRedisServer({
    password: PASSWORD,
    args: [
      ...['--tls-port', String(tlsPort), '--tls-auth-clients', 'no', '--tls-ca-cert-file', authority.ca],
      ...['--tls-cert-file', authority.certificate, '--tls-key-file', authority.key],
    ],
  });
});
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true });
});

const ping = (connectionString: string, timeoutMs?: number): Promise<PingResult> =>
  pingRedis(parseConnectionString(connectionString), timeoutMs);

/** What the person is told. */
async function explanation(connectionString: string, timeoutMs?: number): Promise<string> {
  const result = await ping(connectionString, timeoutMs);
  if (result.ok) throw new Error('it answered');
  return redisRefusal(addressOf(parseConnectionString(connectionString)), result);
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('the check of Redis before a deployment', () => {
  it('logs in and gets its PONG, with a password of any characters', async () => {
    const result = await ping(`redis://default:${ENCODED}@127.0.0.1:${redis.port}`);
    expect(result).toEqual({ ok: true, milliseconds: expect.any(Number) });
  });

  it.each([
    ['a wrong password', `default:wrong-${ENCODED}@`],
    ['an unknown user', `nobody:${ENCODED}@`],
    ['no password', ''],
  ])('explains %s as a login that is refused', async (_, credentials) => {
    const text = await explanation(`redis://${credentials}127.0.0.1:${redis.port}`);
    expect(text).toMatch(/127\.0\.0\.1:\d+ \(no TLS\).*refuses user or password/);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(ENCODED);
  });

  it('explains a password that the server does not ask for', async () => {
    const open = await startRedisServer();
    try {
      expect(await ping(`redis://user:any@127.0.0.1:${open.port}`)).toMatchObject({ failure: 'auth' });
      expect(await ping(open.connectionString)).toMatchObject({ ok: true });
    } finally {
      await open.stop();
    }
  });

  it('tells a string without TLS from a server that requires it', async () => {
    const text = await explanation(`redis://default:${ENCODED}@127.0.0.1:${tlsPort}`);
    expect(text).toMatch(/does the database require TLS\? Then use rediss:/);
  });

  it('tells a string with TLS from a server that offers none', async () => {
    const text = await explanation(`rediss://default:${ENCODED}@127.0.0.1:${redis.port}`, 1_000);
    expect(text).toMatch(/speaks no TLS/);
  });

  it('tells a certificate that nobody here trusts', async () => {
    const text = await explanation(`rediss://default:${ENCODED}@127.0.0.1:${tlsPort}`);
    expect(text).toMatch(/certificate is not trusted.*NODE_EXTRA_CA_CERTS/);
  });

  it('tells a port where nobody listens, and how to go on without the check', async () => {
    const text = await explanation(`redis://default:${ENCODED}@127.0.0.1:${await freePort()}`);
    expect(text).toMatch(/Nothing listens on that port/);
    expect(text).toMatch(/--skip-redis-check/);
    expect(text).not.toContain(ENCODED);
  });

  it('tells a host name that does not exist', async () => {
    expect(await explanation('redis://no-such-host.invalid')).toMatch(/No such host name/);
  });

  it('waits for a silent server no longer than its time-out', async () => {
    const silent = createServer();
    const port = await listening(silent);
    try {
      expect(await explanation(`redis://127.0.0.1:${port}`, 300)).toMatch(/no answer within 0\.3 s/);
    } finally {
      silent.close();
    }
  });

  it('tells something that is not Redis', async () => {
    const http = createHttpServer();
    const port = await listening(http);
    try {
      expect(await ping(`redis://127.0.0.1:${port}`)).toMatchObject({ ok: false, failure: 'not-redis' });
    } finally {
      http.close();
    }
  });

  it('passes on an error of the server without what follows it at length', async () => {
    const full = createServer((socket) => socket.end('-ERR max number of clients reached\r\n'));
    const port = await listening(full);
    try {
      expect(await explanation(`redis://127.0.0.1:${port}`)).toMatch(/ERR max number of clients reached/);
    } finally {
      full.close();
    }
  });
});
