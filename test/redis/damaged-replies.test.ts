import { CacheAside } from '../../lambda/cache/cache-aside';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { FakeCatalog } from '../cache/support';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { TcpProxy } from '../support/tcp-proxy';

let server: RedisServer;
let proxy: TcpProxy;
let connection: RedisConnection;

/** Alters the next reply that begins so, and no other. */
function alterNext(start: string, alter: (reply: string) => string): void {
  proxy.alter = (reply) => {
    const text = reply.toString('latin1');
    if (!text.startsWith(start)) return reply;
    proxy.alter = (each) => each;
    return Buffer.from(alter(text), 'latin1');
  };
}

beforeEach(async () => {
  server = await startRedisServer();
  proxy = await TcpProxy.to(server.port);
  connection = new RedisConnection(constantSource(proxy.connectionString), { timeouts: PATIENT_TIMEOUTS });
  expect(await connection.run((client) => client.ping())).toBe('PONG');
  expect(proxy.connections).toBe(1);
});

afterEach(async () => {
  connection.close();
  await proxy.close();
  await server.stop();
});

test.each([
  ['a null', '_\r\n'],
  ['a text', '+PONG\r\n'],
  ['a push without a name', '>1\r\n_\r\n'],
  // Read with its sign, it leads back to its own beginning.
  ['a text of a damaged length', '$*\r\n'],
])('%s that no command waited for ends the connection, and not the process', async (_, stray) => {
  alterNext('+PONG', (reply) => reply + stray);
  await connection.run((client) => client.ping());
  await connection.run((client) => client.set('key', 'value'));
  expect(await connection.run((client) => client.get('key'))).toBe('value');
  expect(proxy.connections).toBe(2);
});

test.each([
  ['a number', ':1\r\n'],
  ['a text', '+OK\r\n'],
  ['null', '_\r\n'],
  ['a shorter list', '*1\r\n_\r\n'],
  ['a list of numbers', '*2\r\n:1\r\n:2\r\n'],
])('%s where a list of values was asked for makes a lookup that does without Redis', async (_, damaged) => {
  const catalog = new FakeCatalog();
  const cache = new CacheAside({ redis: connection, catalog });
  await cache.get(catalog.entry('icd10:Z0'));
  const entries = ['icd10:Z1', 'icd10:Z2'].map((key) => catalog.entry(key));
  alterNext('*2\r\n', () => damaged);
  const answers = await cache.getMany(entries, catalog.loadMany);
  expect(answers.map(({ value, outcome }) => [value?.name, outcome])).toEqual([
    ['icd10:Z1', 'bypass'],
    ['icd10:Z2', 'bypass'],
  ]);
  // What comes on that connection is not relied on any more.
  expect((await cache.get(catalog.entry('icd10:Z3'))).outcome).toBe('miss');
  expect(proxy.connections).toBe(2);
});
