import type { Redis } from 'ioredis';
import { crc64 } from '../../lambda/snapshot/crc64';
import { checksumMatches, probePayload, rdbVersion } from '../../lambda/snapshot/payload';
import { probeRestore } from '../../lambda/snapshot/restore-probe';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { bulkTo, fillEveryType, plainClient } from '../backup/filled-redis';

let server: RedisServer;
let client: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  client = plainClient(server.connectionString);
  await fillEveryType(client);
});

afterAll(async () => {
  client.disconnect();
  await server.stop();
});

describe('CRC-64', () => {
  it.each([
    // redis/src/crc64.c, its own self-test.
    ['123456789', 'e9c6d914c4b8d9ca'],
    ['', '0000000000000000'],
  ])('of %j is that of Redis', (text, expected) => {
    expect(crc64(Buffer.from(text)).reverse().toString('hex')).toBe(expected);
  });

  it('is what a server signs each of its payloads with', async () => {
    for (const key of await client.keysBuffer('*')) {
      const payload = await client.dumpBuffer(key);
      expect(checksumMatches(payload)).toBe(true);
      const flipped = Buffer.from(payload);
      flipped[Math.floor(flipped.length / 2)]! ^= 1;
      expect(checksumMatches(flipped)).toBe(false);
    }
  });

  it('matches nothing that is too short to be a payload', () => {
    expect(checksumMatches(Buffer.alloc(10))).toBe(false);
    expect(rdbVersion(Buffer.alloc(3))).toBeUndefined();
  });
});

describe('asking a server what it would restore', () => {
  it('finds exactly the versions it takes, and writes nothing', async () => {
    const own = rdbVersion(await client.dumpBuffer('string:number'))!;
    const session = bulkTo(server.connectionString);
    const before = await client.dbsize();
    try {
      expect(await probeRestore(session, own)).toEqual({ ready: true });
      expect(await probeRestore(session, own - 1)).toEqual({ ready: true });
      expect(await probeRestore(session, own + 4)).toEqual({
        ready: false,
        reason: 'newer-payload',
        newest: own,
      });
      expect(await client.dbsize()).toBe(before);
    } finally {
      session.close();
    }
  });

  it('uses a value that a server really loads', async () => {
    await client.restore('probe', 0, probePayload(9));
    expect(await client.get('probe')).toBe('x');
    await client.del('probe');
  });
});
