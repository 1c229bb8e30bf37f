import { Redis } from 'ioredis';
import { encodeFrame } from '../../lambda/cache/frames';
import type { CodeRecord } from '../../lambda/codes/record';
import { keys } from '../../lambda/names/keys';
import { TTL } from '../../lambda/names/ttl';
import { startRedisServer } from '../../local/redis-server';

/** A record as a lookup writes it. */
export function frameOf(record: CodeRecord): Buffer {
  const head = { expiresAt: Date.now() + TTL.code * 1_000, stamp: 0xabcdef };
  return encodeFrame(keys.code(record.type, record.code), record, head);
}

async function usedMemory(admin: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
}

/** Bytes of Redis memory that all records take, written with their TTL. */
export async function memoryOf(all: readonly CodeRecord[]): Promise<number> {
  const server = await startRedisServer();
  const admin = new Redis(server.connectionString);
  try {
    const before = await usedMemory(admin);
    for (let from = 0; from < all.length; from += 1_000) {
      const pipeline = admin.pipeline();
      for (const record of all.slice(from, from + 1_000)) {
        pipeline.set(keys.code(record.type, record.code), frameOf(record), 'EX', TTL.code);
      }
      await pipeline.exec();
    }
    expect(await admin.dbsize()).toBe(all.length);
    return (await usedMemory(admin)) - before;
  } finally {
    admin.disconnect();
    await server.stop();
  }
}
