import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';
import { TcpProxy } from '../support/tcp-proxy';
import { eventually, FakeCatalog, Process } from './support';

/** What a lookup without Redis may take on a busy machine, milliseconds; time-outs of 200 ms show well above it. */
const SHORTLY = 150;
/** One command's time-out and a busy machine's delays. */
const ONE_TIMEOUT = 600;

describe('a lookup while Redis is unwell', () => {
  const processes: Process[] = [];
  const servers: RedisServer[] = [];
  const proxies: TcpProxy[] = [];
  const start = (connectionString: string): Process => {
    const started = new Process(connectionString, new FakeCatalog());
    processes.push(started);
    return started;
  };
  const redis = async (options?: Parameters<typeof startRedisServer>[0]): Promise<RedisServer> => {
    const server = await startRedisServer(options);
    servers.push(server);
    return server;
  };
  const proxied = async (port: number): Promise<TcpProxy> => {
    const proxy = await TcpProxy.to(port);
    proxies.push(proxy);
    return proxy;
  };
  let next = 0;
  /** Looks a key up that no other lookup of this file asked for. */
  const lookUp = async (process: Process): Promise<{ outcome: string; ms: number }> => {
    const since = performance.now();
    next += 1;
    const key = `icd10:Z${next}`;
    const { value, outcome } = await process.cache.get(process.catalog.entry(key));
    expect(value?.name).toBe(key);
    return { outcome, ms: performance.now() - since };
  };

  afterEach(async () => {
    for (const each of processes.splice(0)) each.close();
    await Promise.all(proxies.splice(0).map((each) => each.close()));
    await Promise.all(servers.splice(0).map((each) => each.stop()));
  });

  it('answers all the while Redis is stopped and started again, opening the breaker and closing it', async () => {
    const first = await redis();
    const process = start(first.connectionString);
    expect((await lookUp(process)).outcome).toBe('miss');
    expect(process.cache.redisState).toBe('closed');

    await first.stop();
    const during = [];
    for (let lookup = 0; lookup < 100; lookup += 1) {
      during.push(await lookUp(process));
      await sleep(5);
    }
    expect(new Set(during.map(({ outcome }) => outcome))).toEqual(new Set(['bypass']));
    expect(process.cache.redisState).not.toBe('closed');
    expect(during.filter(({ ms }) => ms < SHORTLY).length).toBeGreaterThan(85);
    expect(process.telemetry.connectionErrors).toContain('refused');

    const second = await redis({ port: first.port });
    expect(second.port).toBe(first.port);
    await eventually(
      async () => (await lookUp(process)).outcome === 'miss',
      'a lookup through Redis',
      15_000,
    );
    expect(process.cache.redisState).toBe('closed');
  });

  it('loses one time-out to a half-open socket, and then is as before', async () => {
    const server = await redis();
    const proxy = await proxied(server.port);
    const process = start(proxy.connectionString);
    await lookUp(process);
    proxy.loseConnections();
    const first = await lookUp(process);
    expect(first.outcome).toBe('bypass');
    expect(first.ms).toBeGreaterThan(150);
    expect(first.ms).toBeLessThan(ONE_TIMEOUT);
    expect(process.cache.redisState).toBe('closed');
    const second = await lookUp(process);
    expect(second.outcome).toBe('miss');
    expect(proxy.connections).toBe(2);
  });

  it('takes many lookups on one half-open socket for one failure', async () => {
    const server = await redis();
    const proxy = await proxied(server.port);
    const process = start(proxy.connectionString);
    await lookUp(process);
    proxy.loseConnections();
    const answers = await Promise.all(Array.from({ length: 64 }, () => lookUp(process)));
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['bypass']));
    expect(process.cache.redisState).toBe('closed');
    await eventually(async () => (await lookUp(process)).outcome === 'miss', 'a lookup through Redis');
  });

  it('answers when the connection is refused from the start', async () => {
    const process = start(`redis://127.0.0.1:${await freePort()}`);
    for (let lookup = 0; lookup < 5; lookup += 1) expect((await lookUp(process)).outcome).toBe('bypass');
    expect(process.telemetry.connectionErrors).toContain('refused');
  });

  it('answers when a server accepts and never says a word, waiting thrice at most', async () => {
    const server = await redis();
    const proxy = await proxied(server.port);
    proxy.accept('nothing');
    const process = start(proxy.connectionString);
    const answers = [];
    for (let lookup = 0; lookup < 8; lookup += 1) answers.push(await lookUp(process));
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['bypass']));
    expect(answers.every(({ ms }) => ms < ONE_TIMEOUT)).toBe(true);
    expect(answers.filter(({ ms }) => ms > 150).length).toBeLessThanOrEqual(4);
  });

  it('answers when Redis stands still, and uses it again when it moves', async () => {
    const server = await redis();
    const process_ = start(server.connectionString);
    await lookUp(process_);
    process.kill(server.pid, 'SIGSTOP');
    try {
      for (let lookup = 0; lookup < 10; lookup += 1) {
        const { outcome, ms } = await lookUp(process_);
        expect(outcome).toBe('bypass');
        expect(ms).toBeLessThan(ONE_TIMEOUT);
      }
      expect(process_.cache.redisState).not.toBe('closed');
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    await eventually(
      async () => (await lookUp(process_)).outcome === 'miss',
      'a lookup through Redis',
      15_000,
    );
  });

  it('answers when Redis takes no more clients, and says why', async () => {
    const server = await redis({ args: ['--maxclients', '1'] });
    const holder = new Redis(server.connectionString);
    await holder.ping();
    const process = start(server.connectionString);
    for (let lookup = 0; lookup < 4; lookup += 1) expect((await lookUp(process)).outcome).toBe('bypass');
    expect(process.telemetry.connectionErrors).toContain('maxclients');
    holder.disconnect();
    await eventually(
      async () => (await lookUp(process)).outcome === 'miss',
      'a lookup through Redis',
      15_000,
    );
  });

  it('carries on when Redis closes idle connections', async () => {
    const server = await redis();
    const process = start(server.connectionString);
    await lookUp(process);
    const admin = new Redis(server.connectionString);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    admin.disconnect();
    expect((await lookUp(process)).outcome).toBe('miss');
    expect(process.telemetry.problems).toEqual([]);
  });
});
