import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually } from '../support/eventually';
import { SmallCatalog } from '../support/small-catalog';
import { StartedServer } from './started-server';

const started: StartedServer[] = [];

async function ready(variables: Record<string, string> = {}): Promise<StartedServer> {
  const server = await StartedServer.ready(variables);
  started.push(server);
  return server;
}

afterEach(async () => {
  // Killed outright, a server could not stop its Redis.
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

/** Port of the private Redis that the server says it has. */
function redisPort(server: StartedServer): number {
  return Number(/^redis +127\.0\.0\.1:(\d+), private/m.exec(server.stdout)?.[1]);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe('npm start', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'serves the sample through a Redis of its own, and leaves nothing behind on %s',
    async (signal) => {
      const server = await ready();
      expect(server.stdout.match(/^listening on .*$/gm)).toHaveLength(1);
      const first = await server.get('/v1/icd10/z0000');
      const second = await server.get('/v1/icd10/z0000');
      expect(await first.json()).toMatchObject({ type: 'icd10', code: 'Z00.00', billable: true });
      expect(first.headers.get('x-cache')).toBe('miss');
      expect(second.headers.get('x-cache')).toMatch(/^(memory|redis)$/);
      const port = redisPort(server);
      expect(await accepts(port)).toBe(true);
      expect(await server.stop(signal)).toBe(0);
      expect(await accepts(port)).toBe(false);
    },
  );

  test('started by npm, ends with npm', async () => {
    const server = StartedServer.npm({ PORT: '0' });
    started.push(server);
    const { port } = new URL(await server.url());
    expect(await server.stop()).toBe(0);
    expect(await accepts(Number(port))).toBe(false);
    expect(await accepts(redisPort(server))).toBe(false);
  });

  test('has every kind of answer in the sample', async () => {
    const server = await ready();
    const json = async (path: string): Promise<unknown> => (await server.get(path)).json();
    expect(await json('/v1/cpt/99213')).toMatchObject({ description: expect.stringMatching(/sample/i) });
    expect(await json('/v1/teams/demo/hot-codes')).toMatchObject({
      codes: expect.arrayContaining([expect.objectContaining({ rank: 1, code: '99213' })]),
    });
    expect(await json('/v1/crosswalk/Z00.00')).toMatchObject({
      cpts: expect.arrayContaining([expect.objectContaining({ relationship: 'covered' })]),
    });
    for (const category of ['Z00', 'S82']) {
      expect(await json(`/v1/icd10/categories/${category}`)).toMatchObject({ category });
    }
    for (const category of ['category-ii', 'category-iii', 'pla', 'maaa', 'surgery']) {
      expect(await json(`/v1/cpt/categories/${category}`)).toMatchObject({ category });
    }
    expect(await json('/v1/health')).toEqual({ status: 'ok' });
    expect(await json('/openapi.json')).toMatchObject({ openapi: '3.1.0' });
  });

  test('takes the catalog and the Redis it is given, and does not stop a Redis that is not its own', async () => {
    const [catalog, redis] = [await SmallCatalog.of(), await startRedisServer({ password: 'canary-7d1b' })];
    const client = new Redis(redis.connectionString);
    try {
      const server = await ready({
        CATALOG_STORE: catalog.url,
        REDIS_CONNECTION_STRING: redis.connectionString,
      });
      expect((await server.get('/v1/icd10/U07.1')).headers.get('x-catalog-release')).toBe('2026.1');
      expect(await client.exists('icd10:U07.1')).toBe(1);
      expect(await server.stop()).toBe(0);
      expect(await client.ping()).toBe('PONG');
      expect(server.stdout).toContain(`127.0.0.1:${redis.port}`);
      expect(server.stdout + server.stderr).not.toContain('canary');
    } finally {
      client.disconnect();
      await redis.stop();
      catalog.remove();
    }
  });

  test('says so and serves without a shared cache where no Redis is installed', async () => {
    const server = await ready({ PATH: '/nonexistent' });
    expect(server.stdout).toMatch(/^redis .*none installed/m);
    expect((await server.get('/v1/icd10/z0000')).status).toBe(200);
    expect((await server.get('/v1/icd10/z0000')).headers.get('x-cache')).toBe('memory');
    expect(await server.stop()).toBe(0);
  });

  test('serves although its Redis is out of reach', async () => {
    const server = await ready({ REDIS_CONNECTION_STRING: 'redis://127.0.0.1:1' });
    const response = await server.get('/v1/icd10/z0000');
    expect([response.status, response.headers.get('x-cache')]).toEqual([200, 'bypass']);
    expect(await (await server.get('/v1/health')).json()).toEqual({ status: 'degraded' });
  });

  test('starts with an empty store, and serves as soon as something is published there', async () => {
    const catalog = new SmallCatalog();
    try {
      const server = await ready({ CATALOG_STORE: catalog.url });
      expect((await server.get('/v1/icd10/Z00.00')).status).toBe(503);
      await catalog.build('1', { icd10: ['Z00.00,Adult exam,Encounter for adult exam,true'] });
      await catalog.publish('1');
      await eventually(
        async () => (await server.get('/v1/icd10/Z00.00')).status === 200,
        'what was published is answered',
      );
    } finally {
      catalog.remove();
    }
  });

  test('finishes a request that is under way when it is stopped', async () => {
    const server = await ready();
    const { port } = new URL(await server.url());
    const socket = connect(Number(port), '127.0.0.1');
    const body = JSON.stringify({ codes: [{ type: 'icd10', code: 'Z00.00' }] });
    const head = [
      'POST /v1/codes/batch HTTP/1.1',
      'host: localhost',
      'content-type: application/json',
      `content-length: ${body.length}`,
      '',
      '',
    ].join('\r\n');
    socket.write(head + body.slice(0, 10));
    // The server has taken the request once it has answered another one after it.
    await server.get('/v1/health');
    const stopped = server.stop();
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    await new Promise((resolve) => setTimeout(resolve, 300));
    socket.write(body.slice(10));
    expect(await stopped).toBe(0);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('"found":true');
    socket.destroy();
  });

  test('logs each request as one JSON line on standard error', async () => {
    const server = await ready();
    await server.get('/v1/icd10/z0000', { 'x-request-id': 'from-the-proxy' });
    await server.get('/v1/icd10/z0000', { 'x-request-id': 'no good id' });
    await server.stop();
    const lines = server.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ requestId: 'from-the-proxy', route: '/v1/{type}/{code}', status: 200 });
    expect(lines[1]!.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('refuses a body over 64 KB however it is sent', async () => {
    const url = `${await (await ready()).url()}/v1/codes/batch`;
    const headers = { 'content-type': 'application/json' };
    const body = ' '.repeat(1_000_000);
    const known = await fetch(url, { method: 'POST', headers, body });
    expect(known.status).toBe(413);
    const chunked = await fetch(url, {
      method: 'POST',
      headers,
      body: new Blob([body]).stream(),
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
  });
});

describe('a start that cannot work', () => {
  const failing = async (variables: Record<string, string>): Promise<[number | null, string]> => {
    const server = StartedServer.run({ PORT: '0', ...variables });
    started.push(server);
    const code = await server.closed;
    expect(server.stdout).not.toContain('listening');
    return [code, server.stderr];
  };

  test('on a port in use is one line and exit code 2', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const [code, stderr] = await failing({ PORT: String(port) });
    taken.close();
    expect(code).toBe(2);
    expect(stderr).toBe(`PORT ${port} is in use; set PORT to another, or to 0.\n`);
  });

  test.each([
    [{ PORT: '99999' }, 'PORT'],
    [{ PORT: 'http' }, 'PORT'],
    [{ CATALOG_STORE: 'ftp://catalog' }, 'CATALOG_STORE'],
    [{ REDIS_CONNECTION_STRING: 'http://default:canary-4e@host' }, 'REDIS_CONNECTION_STRING'],
    [{ AUTH_MODE: 'iam' }, 'AUTH_MODE'],
    [{ JWT_ISSUER: 'https://issuer.example' }, 'JWT_AUDIENCE'],
  ])('with %j is one line naming the variable, and exit code 2', async (variables, name) => {
    const [code, stderr] = await failing(variables);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`^${name} `));
    expect(stderr).not.toContain('canary');
  });
});

describe('the page at /', () => {
  let redis: RedisServer;
  let home: string;

  beforeAll(async () => {
    redis = await startRedisServer();
    home = mkdtempSync(join(tmpdir(), 'medical-codes-home-'));
  });

  afterAll(async () => {
    await redis.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test('is one document that loads nothing from elsewhere and runs only its own script', async () => {
    const server = await ready({ REDIS_CONNECTION_STRING: redis.connectionString, HOME: home });
    const response = await server.get('/');
    const html = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*script-src 'sha256-/,
    );
    expect(html).not.toMatch(/<(script|img|link)[^>]+(src|href)="(?!data:)/);
    expect(html).not.toMatch(/page\.css|main\.js \*\//);
    expect(html).toContain('<title>Medical codes</title>');
  });
});
