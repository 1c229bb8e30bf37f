import { Redis } from 'ioredis';
import { type Timeouts, TIMEOUTS } from '../../lambda/redis/options';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { TcpProxy } from '../support/tcp-proxy';
import { eventually, FakeCatalog, HandClock, Process } from './support';

/** Milliseconds between two lookups, by the clock of the breaker. */
const BETWEEN_LOOKUPS = 5;

describe('a lookup while Redis is unwell', () => {
  const processes: Process[] = [];
  const servers: RedisServer[] = [];
  const proxies: TcpProxy[] = [];
  let clock: HandClock;
  const start = (connectionString: string): Process => {
    const started = new Process(connectionString, new FakeCatalog(), { clock });
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
  /** Looks a key up that no other lookup of this file asked for, and tells where its answer came from. */
  const lookUp = async (process: Process): Promise<string> => {
    clock.time += BETWEEN_LOOKUPS;
    next += 1;
    const key = `icd10:Z${next}`;
    const { value, outcome } = await process.cache.get(process.catalog.entry(key));
    expect(value?.name).toBe(key);
    return outcome;
  };
  /** The product's limits hold while Redis is unwell; a Redis that is well is not judged by them. */
  const limit = async (process: Process, { command, socket }: Timeouts): Promise<void> => {
    const client = (await process.connection.client()) as Redis;
    client.options.commandTimeout = command;
    client.options.socketTimeout = socket;
  };
  const backInUse = async (process: Process): Promise<void> => {
    await limit(process, PATIENT_TIMEOUTS);
    await eventually(async () => {
      clock.time += 500;
      return (await lookUp(process)) === 'miss';
    }, 'a lookup through Redis');
  };

  beforeEach(() => (clock = new HandClock(Date.now())));
  afterEach(async () => {
    for (const each of processes.splice(0)) each.close();
    await Promise.all(proxies.splice(0).map((each) => each.close()));
    await Promise.all(servers.splice(0).map((each) => each.stop()));
  });

  it('answers all the while Redis is stopped and started again, opening the breaker and closing it', async () => {
    const first = await redis();
    const process = start(first.connectionString);
    expect(await lookUp(process)).toBe('miss');

    await first.stop();
    const during = new Set<string>();
    for (let lookup = 0; lookup < 100; lookup += 1) during.add(await lookUp(process));
    expect(during).toEqual(new Set(['bypass']));
    // The breaker spares nearly all of them the attempt.
    expect(process.telemetry.problems.length).toBeLessThan(15);
    expect(process.telemetry.connectionErrors).toContain('refused');

    const second = await redis({ port: first.port });
    expect(second.port).toBe(first.port);
    await backInUse(process);
  });

  it('loses one time-out to a half-open socket, and then is as before', async () => {
    const server = await redis();
    const proxy = await proxied(server.port);
    const process = start(proxy.connectionString);
    await lookUp(process);
    await limit(process, TIMEOUTS);
    proxy.loseConnections();
    expect(await lookUp(process)).toBe('bypass');
    expect(process.telemetry.problems).toEqual(['timeout']);
    await limit(process, PATIENT_TIMEOUTS);
    expect(await lookUp(process)).toBe('miss');
    expect(proxy.connections).toBe(2);
  });

  it('takes many lookups on one half-open socket for one failure', async () => {
    const server = await redis();
    const proxy = await proxied(server.port);
    const process = start(proxy.connectionString);
    await lookUp(process);
    await limit(process, TIMEOUTS);
    proxy.loseConnections();
    const answers = await Promise.all(Array.from({ length: 64 }, () => lookUp(process)));
    expect(new Set(answers)).toEqual(new Set(['bypass']));
    await backInUse(process);
  });

  it('answers when the connection is refused from the start', async () => {
    const process = start(`redis://127.0.0.1:${await freePort()}`);
    for (let lookup = 0; lookup < 5; lookup += 1) expect(await lookUp(process)).toBe('bypass');
    expect(process.telemetry.connectionErrors).toContain('refused');
  });

  it('answers when a server accepts and never says a word, waiting thrice at most', async () => {
    const server = await redis();
    const proxy = await proxied(server.port);
    proxy.accept('nothing');
    const process = start(proxy.connectionString);
    await limit(process, TIMEOUTS);
    let waits = 0;
    for (let lookup = 0; lookup < 8; lookup += 1) {
      const before = process.telemetry.problems.length;
      expect(await lookUp(process)).toBe('bypass');
      if (process.telemetry.problems.length > before) waits += 1;
    }
    expect(waits).toBe(3);
  });

  it('answers when Redis stands still, and uses it again when it moves', async () => {
    const server = await redis();
    const process_ = start(server.connectionString);
    await lookUp(process_);
    await limit(process_, TIMEOUTS);
    process.kill(server.pid, 'SIGSTOP');
    try {
      for (let lookup = 0; lookup < 10; lookup += 1) expect(await lookUp(process_)).toBe('bypass');
      expect(process_.telemetry.roundTrips.length).toBeLessThan(10);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    await backInUse(process_);
  });

  it('answers when Redis takes no more clients, and says why', async () => {
    const server = await redis({ args: ['--maxclients', '1'] });
    const holder = new Redis(server.connectionString);
    await holder.ping();
    const process = start(server.connectionString);
    for (let lookup = 0; lookup < 4; lookup += 1) expect(await lookUp(process)).toBe('bypass');
    expect(process.telemetry.connectionErrors).toContain('maxclients');
    holder.disconnect();
    await backInUse(process);
  });

  it('carries on when Redis closes idle connections', async () => {
    const server = await redis();
    const process = start(server.connectionString);
    await lookUp(process);
    const admin = new Redis(server.connectionString);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    admin.disconnect();
    expect(await lookUp(process)).toBe('miss');
    expect(process.telemetry.problems).toEqual([]);
  });
});
