import { Redis } from 'ioredis';
import type { CodeRecord } from '../lambda/codes/record';
import { keys } from '../lambda/names/keys';
import { TTL } from '../lambda/names/ttl';
import { type RedisServer, startRedisServer } from '../local/redis-server';
import { ProductCache } from './product';

const AT_ONCE = 200;

/** A redis-server that holds the same records for both sides, under the same keys. */
export interface FilledRedis {
  /** Database of the product, filled by its own misses. */
  readonly product: string;
  /** Database of plain JSON. */
  readonly plain: string;
  stop(): Promise<void>;
}

function* chunks(records: readonly CodeRecord[]): Generator<readonly CodeRecord[]> {
  for (let from = 0; from < records.length; from += AT_ONCE) yield records.slice(from, from + AT_ONCE);
}

async function fillProduct(connectionString: string, records: readonly CodeRecord[]): Promise<void> {
  const byCode = new Map(records.map((record) => [record.code, record]));
  const cache = new ProductCache(connectionString, 'off', byCode);
  try {
    for (const chunk of chunks(records)) await cache.getMany(chunk.map(({ code }) => code));
  } finally {
    cache.close();
  }
}

async function fillPlain(connectionString: string, records: readonly CodeRecord[]): Promise<void> {
  const redis = new Redis(connectionString);
  try {
    for (const chunk of chunks(records)) {
      const pipeline = redis.pipeline();
      for (const record of chunk) {
        pipeline.set(keys.code(record.type, record.code), JSON.stringify(record), 'EX', TTL.code);
      }
      await pipeline.exec();
    }
  } finally {
    redis.disconnect();
  }
}

async function fill(server: RedisServer, records: readonly CodeRecord[]): Promise<FilledRedis> {
  const product = `${server.connectionString}/0`;
  const plain = `${server.connectionString}/1`;
  await fillProduct(product, records);
  await fillPlain(plain, records);
  return { product, plain, stop: () => server.stop() };
}

export async function startFilledRedis(records: readonly CodeRecord[]): Promise<FilledRedis> {
  const server = await startRedisServer();
  try {
    return await fill(server, records);
  } catch (error) {
    await server.stop();
    throw error;
  }
}
