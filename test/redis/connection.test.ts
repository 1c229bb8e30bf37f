import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { RedisConnection } from '../../lambda/redis/connection';
import { CommandRefused, RedisUnavailable } from '../../lambda/redis/failures';
import { type RedisFailure } from '../../lambda/names/redis-failure';
import { constantSource } from '../../lambda/redis/source';
import { freePort, type RedisServer, startRedisServer } from '../../local/redis-server';
import { HandClock } from '../cache/support';
import { PATIENT_TIMEOUTS } from '../support/patience';

const OLD = 'old-password';
const NEW = 'new-password';

describe('the process’s one connection', () => {
  let server: RedisServer;
  let admin: Redis;
  const connections: RedisConnection[] = [];
  let errors: RedisFailure[];
  let clock: HandClock;
  let reads: number;
  let secret: string;

  const withPassword = (password: string): string => `redis://default:${password}@127.0.0.1:${server.port}`;
  /** A connection over a secret that tests may change; the first read gives the string it starts with. */
  const connect = (first: string): RedisConnection => {
    secret = first;
    const connection = new RedisConnection(
      {
        current: () => Promise.resolve(first),
        refresh: () => {
          reads += 1;
          return Promise.resolve(secret);
        },
      },
      { connectionError: (failure) => errors.push(failure), now: clock.now, timeouts: PATIENT_TIMEOUTS },
    );
    connections.push(connection);
    return connection;
  };
  const dropClients = async (): Promise<void> => {
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  };

  beforeEach(async () => {
    server = await startRedisServer({ password: OLD });
    admin = new Redis(server.connectionString);
    errors = [];
    reads = 0;
    clock = new HandClock();
  });
  afterEach(async () => {
    for (const each of connections.splice(0)) each.close();
    admin.disconnect();
    await server.stop();
  });

  it('is made on first use, and is one however many ask', async () => {
    const connection = connect(withPassword(OLD));
    await admin.config('RESETSTAT');
    await Promise.all(Array.from({ length: 20 }, () => connection.run((client) => client.ping())));
    expect(await connection.client()).toBe(await connection.client());
    const stats = await admin.info('stats');
    expect(stats).toMatch(/total_connections_received:1\r/);
  });

  it('reads the secret once after a password change, for all who fail, and goes on', async () => {
    const connection = connect(withPassword(OLD));
    await connection.run((client) => client.ping());
    await admin.config('SET', 'requirepass', NEW);
    secret = withPassword(NEW);
    // Clients connected before keep working until they must log in again.
    expect(await connection.run((client) => client.ping())).toBe('PONG');
    await dropClients();
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => connection.run((client) => client.ping())),
    );
    expect(new Set(answers)).toEqual(new Set(['PONG']));
    expect(reads).toBe(1);
    expect(errors).toContain('auth');
  });

  it('follows a second password change right after the first', async () => {
    const connection = connect(withPassword(OLD));
    await connection.run((client) => client.ping());
    for (const password of [NEW, 'the-one-after']) {
      await admin.config('SET', 'requirepass', password);
      secret = withPassword(password);
      await dropClients();
      expect(await connection.run((client) => client.ping())).toBe('PONG');
    }
    expect(reads).toBe(2);
  });

  it('does the same at the first connection of a process that holds an old secret', async () => {
    const connection = connect(withPassword('never-right'));
    secret = withPassword(OLD);
    expect(await connection.run((client) => client.ping())).toBe('PONG');
    expect(reads).toBe(1);
  });

  it('does the same when a password is demanded where none was', async () => {
    const connection = connect(`redis://127.0.0.1:${server.port}`);
    secret = withPassword(OLD);
    expect(await connection.run((client) => client.set('k', 'v'))).toBe('OK');
    expect(reads).toBe(1);
  });

  it('does the same on a cluster, whose own errors name no reason', async () => {
    const connection = connect(`${withPassword('never-right')}?cluster=true`);
    secret = withPassword(OLD);
    expect(await connection.run((client) => client.ping())).toBe('PONG');
    expect(reads).toBe(1);
  });

  it('asks for a secret that stays wrong no more than once in 30 s', async () => {
    const connection = connect(withPassword('never-right'));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(connection.run((client) => client.ping())).rejects.toThrow(new RedisUnavailable('auth'));
    }
    expect(reads).toBe(1);
    clock.time += 30_000;
    await expect(connection.run((client) => client.ping())).rejects.toThrow(RedisUnavailable);
    expect(reads).toBe(2);
    clock.time += 30_000;
    secret = withPassword(OLD);
    expect(await connection.run((client) => client.ping())).toBe('PONG');
  });

  it('stays usable when the new secret cannot be read', async () => {
    const connection = connect(withPassword('never-right'));
    secret = 'no connection string';
    await expect(connection.run((client) => client.ping())).rejects.toThrow(RedisUnavailable);
    expect(errors).toContain('configuration');
  });

  it('tells what Redis refused, and never shows an argument', async () => {
    const connection = connect(withPassword(OLD));
    await connection.run((client) => client.set('list', 'hunter2'));
    const refused = connection.run((client) => client.lpush('list', 'hunter2'));
    await expect(refused).rejects.toThrow(CommandRefused);
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'WRONGTYPE' });
    expect(inspect(error, { depth: 10 })).not.toContain('hunter2');
  });

  it('never shows a password in a failure', async () => {
    const connection = connect(withPassword('hunter2'));
    const error = await connection
      .run((client) => client.ping())
      .catch((thrown: unknown) => thrown as RedisUnavailable);
    expect(inspect(error, { depth: 10 })).not.toContain('hunter2');
    expect((error as Error).cause).toBeUndefined();
  });

  it('names a refused connection as such, and is no more after its end', async () => {
    const connection = new RedisConnection(constantSource(`redis://127.0.0.1:${await freePort()}`), {
      connectionError: (failure) => errors.push(failure),
    });
    await expect(connection.run((client) => client.ping())).rejects.toThrow(RedisUnavailable);
    expect(errors).toContain('refused');
    connection.close();
    await expect(connection.run((client) => client.ping())).rejects.toThrow(new RedisUnavailable('closed'));
  });
});
