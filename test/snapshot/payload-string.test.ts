import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { stringStart } from '../../lambda/snapshot/payload-string';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { plainClient } from '../backup/filled-redis';

const WANTED = 12;
let server: RedisServer;
let client: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  client = plainClient(server.connectionString);
});
afterAll(async () => {
  client.disconnect();
  await server.stop();
});

/** Bytes that look random and are the same each time. */
function noise(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) =>
    createHash('sha256').update(`${length} ${block}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

async function startOf(value: Buffer | string): Promise<Buffer | undefined> {
  await client.set('value', value);
  return stringStart(await client.dumpBuffer('value'), WANTED);
}

describe('the first bytes of a dumped string', () => {
  // Lengths of 6, 14 and 32 bits, and their borders.
  it.each([1, 11, 12, 13, 63, 64, 16_383, 16_384, 100_000])(
    'are those of %i bytes that do not pack',
    async (length) => {
      expect((await startOf(noise(length)))?.toString('hex')).toBe(
        noise(length).subarray(0, WANTED).toString('hex'),
      );
    },
  );

  it.each([
    ['one byte again and again', Buffer.alloc(5_000, 'a')],
    ['a short pattern', Buffer.from('abcabcabcabc'.repeat(400))],
    ['a pattern as long as what is wanted', Buffer.concat(Array<Buffer>(500).fill(noise(12)))],
    ['a pattern behind what is wanted', Buffer.concat([noise(20), Buffer.alloc(300, 7), noise(20)])],
    ['the longest run without a copy, and then copies', Buffer.concat([noise(40), Buffer.alloc(300, 7)])],
    ['copies from far before', Buffer.concat(Array<Buffer>(5).fill(noise(3_000)))],
    ['a copy that begins within it', Buffer.concat([noise(5), noise(5), noise(5), Buffer.alloc(300, 7)])],
    ['a mebibyte', Buffer.alloc(1024 * 1024, 'medical codes ')],
  ])('are those of %s, which packs', async (_what, value) => {
    const start = await startOf(value);
    const dumped = await client.dumpBuffer('value');
    expect(dumped.length).toBeLessThan(value.length);
    expect(start?.toString('hex')).toBe(value.subarray(0, WANTED).toString('hex'));
    expect(stringStart(dumped, value.length)?.equals(value)).toBe(true);
  });

  it.each(['7', '-300', '70000'])('are none of the number %s, which no frame is', async (number) => {
    expect(await startOf(number)).toBeUndefined();
  });

  it('are none of another type', async () => {
    await client.del('value');
    await client.rpush('value', 'x');
    expect(stringStart(await client.dumpBuffer('value'), WANTED)).toBeUndefined();
  });
});
