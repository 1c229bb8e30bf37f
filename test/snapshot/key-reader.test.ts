import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { BulkCommand } from '../../lambda/redis/bulk-connection';
import type { BulkRedis, BulkSession } from '../../lambda/redis/bulk-session';
import { systemClock } from '../../lambda/names/clock';
import { KeyReader } from '../../lambda/snapshot/key-reader';
import type { KeyState } from '../../lambda/snapshot/key-states';
import { createPace } from '../../lambda/snapshot/pace';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { bulkTo, plainClient } from '../backup/filled-redis';

const pace = createPace(0, systemClock);
let server: RedisServer;
let client: Redis;
let session: BulkSession;
/** Names and reply bytes of the exchanges so far. */
let seen: { command: string; commands: number }[];

beforeAll(async () => {
  server = await startRedisServer();
  client = plainClient(server.connectionString);
  session = bulkTo(server.connectionString);
  await session.connect();
});
beforeEach(async () => {
  seen = [];
  await client.flushall();
});
afterAll(async () => {
  session.close();
  client.disconnect();
  await server.stop();
});

/** The server as one of another version, or with commands that it refuses, which shows what it is asked. */
function watched(version = session.serverVersion): BulkRedis {
  return {
    get serverId() {
      return session.serverId;
    },
    serverVersion: version,
    get reconnects() {
      return session.reconnects;
    },
    exchange: (commands: readonly BulkCommand[], limits) => {
      seen.push({ command: String(commands.at(-1)?.[0]), commands: commands.length });
      return session.exchange(commands, limits);
    },
    close: () => undefined,
  };
}

async function readAll(redis: BulkRedis, keys: string[]): Promise<Map<string, KeyState | undefined>> {
  const found = new Map<string, KeyState | undefined>();
  const reader = new KeyReader(redis, pace);
  for await (const batch of reader.read(keys.map((key) => Buffer.from(key)))) {
    batch.keys.forEach((key, at) => found.set(key.toString(), batch.states[at]));
  }
  return found;
}

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}:${at}`);

async function fill(keys: string[], bytes: number): Promise<void> {
  // Random bytes, which DUMP cannot compress.
  for (const key of keys) await client.set(key, randomBytes(bytes), 'PX', 600_000);
}

describe('the time at which a key expires', () => {
  it.each(['7.0.0', '6.2.14', undefined])(
    'is exact to 20 ms beside a large value, whatever the version (%s)',
    async (version) => {
      const small = names('small', 300);
      const [before, after] = [small.slice(0, 150), small.slice(150)];
      await fill(small, 20);
      await fill(['large'], 40_000_000);
      const exact = new Map<string, number>();
      for (const key of small) exact.set(key, Number(await client.call('PEXPIRETIME', key)));
      const found = await readAll(watched(version), [...before, 'large', ...after]);
      const errors = small.map((key) => Math.abs(found.get(key)!.expiresAt - exact.get(key)!));
      expect(Math.max(...errors)).toBeLessThanOrEqual(version === '7.0.0' ? 0 : 20);
    },
  );

  it('is found by the remaining time where a newer server does not tell it', async () => {
    await client.call('ACL', 'SETUSER', 'limited', 'on', 'nopass', '~*', '+@all', '-pexpiretime');
    await client.set('key', '1', 'PX', 90_000);
    const limited = bulkTo(`redis://limited:x@127.0.0.1:${server.port}`);
    try {
      const exact = Number(await client.call('PEXPIRETIME', 'key'));
      const { expiresAt } = (await readAll(limited, ['key'])).get('key')!;
      expect(Math.abs(expiresAt - exact)).toBeLessThanOrEqual(20);
    } finally {
      limited.close();
    }
  });
});

describe('values of any size', () => {
  it('come in batches that grow while they are small', async () => {
    const keys = names('small', 600);
    await fill(keys, 20);
    expect((await readAll(watched(), keys)).size).toBe(600);
    const batches = seen.map(({ commands }) => commands / 2);
    expect(batches).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 250, 95]);
  });

  it('are asked for their sizes once a large one came, and never come together past the budget', async () => {
    const large = names('large', 6);
    const small = names('small', 100);
    await fill(large, 3_000_000);
    await fill(small, 20);
    expect((await readAll(watched(), [...large, ...small])).size).toBe(106);
    const [first, sizes, ...rest] = seen;
    expect(first).toEqual({ command: 'DUMP', commands: 2 });
    expect(sizes).toEqual({ command: 'MEMORY', commands: 105 });
    expect(rest.map(({ commands }) => commands / 2)).toEqual([1, 1, 1, 1, 101]);
  });

  it('are cut off where many large ones follow small ones, and then come one by one', async () => {
    const small = names('small', 255);
    const large = names('large', 30);
    await fill(small, 20);
    await fill(large, 2_000_000);
    const found = await readAll(watched(), [...small, ...large]);
    expect([...found.values()].filter((state) => state !== undefined)).toHaveLength(285);
    const cut = seen.findIndex(({ command }) => command === 'MEMORY') - 1;
    // Asked for together, and again: one by one, for two of them are 4 MB and a little.
    expect(seen[cut]!.commands).toBe(60);
    expect(seen.slice(cut + 2).map(({ commands }) => commands)).toEqual(large.map(() => 2));
    expect(session.reconnects).toBe(0);
  });

  it('come one by one where the server does not tell their sizes', async () => {
    await client.call('ACL', 'SETUSER', 'limited', 'on', 'nopass', '~*', '+@all', '-memory|usage');
    const limited = bulkTo(`redis://limited:x@127.0.0.1:${server.port}`);
    try {
      const keys = names('large', 4);
      await fill(keys, 1_200_000);
      expect((await readAll(limited, keys)).size).toBe(4);
    } finally {
      limited.close();
    }
  });
});
