import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually } from './eventually';
import { flippedBits, TcpProxy } from './tcp-proxy';

let server: RedisServer;
let direct: Redis;
let proxy: TcpProxy;
const clients: Redis[] = [];

/** A client that fails rather than tries again. */
function through(): Redis {
  const client = new Redis(proxy.connectionString, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

beforeAll(async () => {
  server = await startRedisServer();
  direct = new Redis(server.connectionString);
});
beforeEach(async () => {
  await direct.flushall();
  proxy = await TcpProxy.to(server.port);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await proxy.close();
});
afterAll(async () => {
  direct.disconnect();
  await server.stop();
});

test('everything passes unchanged, in slices too', async () => {
  const value = 'x'.repeat(1_000);
  const client = through();
  await client.set('key', value);
  proxy.slice = 7;
  expect(await client.get('key')).toBe(value);
  expect(proxy.connections).toBe(1);
});

test('latency delays each reply and keeps their order', async () => {
  const client = through();
  await client.ping();
  proxy.latency = 80;
  const since = performance.now();
  expect(await Promise.all([client.incr('n'), client.incr('n')])).toEqual([1, 2]);
  expect(performance.now() - since).toBeGreaterThan(70);
});

test('a reset ends connections, and new ones work', async () => {
  const client = through();
  await client.ping();
  const ended = new Promise((resolve) => client.once('end', resolve));
  proxy.resetConnections();
  await ended;
  expect(await through().ping()).toBe('PONG');
});

test('a cut of requests is made before they arrive, or after they were acted upon', async () => {
  for (const [actedUpon, stored] of [
    [false, null],
    [true, 'stored'],
  ] as const) {
    const client = through();
    await client.ping();
    proxy.cut({ of: 'requests', afterBytes: 1, times: 1, actedUpon });
    await expect(client.set('key', 'stored')).rejects.toThrow();
    expect(proxy.cuts).toBe(1);
    expect(await direct.get('key')).toBe(stored);
    expect(await through().ping()).toBe('PONG');
  }
});

test('a cut of replies leaves half a reply', async () => {
  await direct.set('key', 'x'.repeat(10_000));
  const client = through();
  await client.ping();
  proxy.cut({ of: 'replies', afterBytes: 2_000, times: 1 });
  await expect(client.get('key')).rejects.toThrow();
  expect(proxy.cuts).toBe(1);
  expect(await through().get('key')).toHaveLength(10_000);
});

test('flipped bits change what is read, one in so many bytes', async () => {
  await direct.set('key', 'a'.repeat(30));
  const client = through();
  await client.ping();
  proxy.alter = flippedBits(20);
  const read = Buffer.from((await client.get('key'))!);
  expect(read.filter((byte) => byte !== 'a'.charCodeAt(0))).toHaveLength(1);
});

test('lost connections answer nothing and are not ended; dark ones never answer', async () => {
  const lost = through();
  await lost.ping();
  proxy.loseConnections();
  proxy.accept('nothing');
  const dark = through();
  let answers = 0;
  const count = (): number => (answers += 1);
  void lost.ping().then(count, count);
  void dark.ping().then(count, count);
  await eventually(() => proxy.connections === 2, 'the dark connection');
  proxy.accept('all');
  // A round trip of another connection, begun later, takes longer than these would.
  for (let trip = 0; trip < 10; trip += 1) await through().ping();
  expect(answers).toBe(0);
});
