import { Redis } from 'ioredis';
import { lookAtMark, writeMark } from '../../lambda/cache/release-mark';
import { BulkSession, type BulkSessionOptions } from '../../lambda/redis/bulk-session';
import { systemClock } from '../../lambda/names/clock';
import { constantSource } from '../../lambda/redis/source';

export function bulkTo(connectionString: string, options: Partial<BulkSessionOptions> = {}): BulkSession {
  return new BulkSession({ source: constantSource(connectionString), clock: systemClock, ...options });
}

export function plainClient(connectionString: string): Redis {
  return new Redis(connectionString, { protocol: 2 });
}

/** Bytes that are no text in any encoding. */
export const BINARY = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a, 0x80, 0x7b, 0xc3, 0x28, 0x00]);

/** One key of every type and of several encodings, with binary keys, fields and values. */
export async function fillEveryType(client: Redis): Promise<number> {
  const large = Array.from({ length: 2_000 }, (_, index) => `member-${index}-${'x'.repeat(80)}`);
  await client.set(Buffer.concat([Buffer.from('bin:'), BINARY]), BINARY);
  await client.set('string:number', '12345');
  await client.set('string:long', 'abc'.repeat(50_000));
  await client.set('', 'the empty key');
  await client.hset('hash:small', { a: '1', b: BINARY });
  await client.hset('hash:large', Object.fromEntries(large.map((name) => [name, name])));
  await client.zadd('zset:small', 1.5, 'a', -2, BINARY);
  await client.zadd('zset:large', ...large.flatMap((name, index) => [index, name]));
  await client.rpush('list:small', 'a', BINARY, 'a');
  await client.rpush('list:large', ...large);
  await client.sadd('set:numbers', 1, 2, 3);
  await client.sadd('set:large', ...large);
  await client.xadd('stream', '1-1', 'field', BINARY);
  await client.xgroup('CREATE', 'stream', 'readers', '0');
  return 13;
}

/** `count` keys in the shape of the app's: records with a TTL, in a pipeline. */
export async function fillCodes(client: Redis, count: number, bytes = 120): Promise<void> {
  for (let from = 0; from < count; from += 5_000) {
    const pipeline = client.pipeline();
    for (let at = from; at < Math.min(count, from + 5_000); at += 1) {
      pipeline.set(`icd10:K${at}`, `${at}:`.padEnd(bytes, `record ${at} `), 'EX', 3_600 + (at % 600));
    }
    await pipeline.exec();
  }
}

/** Makes a Redis name a release as the live one, as a publish does. */
export async function markRelease(client: Redis, release: string): Promise<void> {
  const stamp = release.length;
  const live = { release, stamp, recent: [stamp], editions: {} };
  await writeMark(client, await lookAtMark(client), live, Date.now(), true);
}
