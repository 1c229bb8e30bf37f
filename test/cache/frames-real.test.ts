import { join } from 'node:path';
import { Redis } from 'ioredis';
import { encodeFrame, frameValue, openFrame } from '../../lambda/cache/frames';
import { TTL } from '../../lambda/names/ttl';
import { keys } from '../../lambda/names/keys';
import { BadLines } from '../../lambda/catalog/import/import-error';
import { readOrderFile } from '../../lambda/catalog/import/order-file';
import { SourceFile } from '../../lambda/catalog/import/source-file';
import { readTabularNotes } from '../../lambda/catalog/import/tabular-notes';
import type { CodeRecord } from '../../lambda/codes/record';
import { startRedisServer } from '../../local/redis-server';

const real = process.env.REAL_DATA_DIR;
const MB = 1_000_000;

async function records(dir: string): Promise<CodeRecord[]> {
  const bad = new BadLines(false);
  const notes = await readTabularNotes(await SourceFile.open(join(dir, 'icd10cm-tabular-2021.xml.gz')), bad);
  const found: CodeRecord[] = [];
  const order = await SourceFile.open(join(dir, 'icd10cm-order-2021.txt.gz'));
  for await (const { record } of readOrderFile(order, bad)) {
    const own = notes.get(record.code);
    found.push(own === undefined ? record : { ...record, notes: own });
  }
  return found;
}

function frameOf(record: CodeRecord): Buffer {
  const head = { expiresAt: Date.now() + TTL.code * 1_000, stamp: 0xabcdef };
  return encodeFrame(keys.code(record.type, record.code), record, head);
}

async function usedMemory(admin: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
}

/** Bytes of Redis memory that all records take, written with their TTL. */
async function memoryOf(all: readonly CodeRecord[]): Promise<number> {
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

(real === undefined ? describe.skip : describe)('the whole ICD-10-CM 2021 file (needs REAL_DATA_DIR)', () => {
  let all: CodeRecord[];
  beforeAll(async () => {
    all = await records(real ?? '');
  });

  it('comes back from its frames record by record, notes included', () => {
    expect(all.length).toBe(95_358);
    for (const record of all) {
      const frame = frameOf(record);
      openFrame(keys.code(record.type, record.code), frame);
      const read = frameValue(frame);
      if (JSON.stringify(read) !== JSON.stringify(record)) expect(read).toEqual(record);
    }
  }, 60_000);

  it('fits a 30 MB plan with room to spare, with and without its notes', async () => {
    const bare = all.map(({ notes: _notes, ...record }) => record);
    const withoutNotes = await memoryOf(bare);
    const withNotes = await memoryOf(all);
    process.stderr.write(
      `95,358 records in Redis: ${(withoutNotes / MB).toFixed(1)} MB, with notes ${(withNotes / MB).toFixed(1)} MB\n`,
    );
    expect(withoutNotes).toBeLessThan(20 * MB);
    expect(withNotes).toBeLessThan(24 * MB);
  }, 120_000);
});
