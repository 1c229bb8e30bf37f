import { Redis } from 'ioredis';
import { keys } from '../../lambda/names/keys';
import { Outbox, OUTBOX_LIMIT } from '../../lambda/cache/outbox';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { FakeCatalog, Process } from './support';

const USAGE = keys.usage('demo');
const use = (member: string, by = 1): { key: string; member: string; by: number } => ({
  key: USAGE,
  member,
  by,
});

describe('counting uses', () => {
  let server: RedisServer;
  let admin: Redis;
  let process_: Process;

  beforeAll(async () => {
    server = await startRedisServer();
    admin = new Redis(server.connectionString);
  });
  beforeEach(async () => {
    await admin.flushall();
    process_ = new Process(server.connectionString, new FakeCatalog());
  });
  afterEach(() => process_.close());
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  it('rides the round trip of the read it belongs to', async () => {
    const { cache, catalog } = process_;
    cache.count(use('icd10:Z00.00'));
    await cache.get(catalog.entry('icd10:Z00.00'));
    expect(await admin.zscore(USAGE, 'icd10:Z00.00')).toBe('1');
  });

  it('waits for the next round trip when memory answers, and adds up meanwhile', async () => {
    const { cache, catalog } = process_;
    const entry = catalog.entry('icd10:Z00.00');
    for (let read = 0; read < 5; read += 1) {
      cache.count(use('icd10:Z00.00'));
      await cache.get(entry);
    }
    expect(await admin.zscore(USAGE, 'icd10:Z00.00')).toBe('1');
    await cache.get(catalog.entry('icd10:Z00.01'));
    expect(await admin.zscore(USAGE, 'icd10:Z00.00')).toBe('5');
  });

  it('sends what waits when told to', async () => {
    const { cache } = process_;
    for (let index = 0; index < 250; index += 1) cache.count(use(`icd10:Z${index}`, 2));
    await cache.flush();
    expect(await admin.zcard(USAGE)).toBe(250);
    expect(await admin.zscore(USAGE, 'icd10:Z249')).toBe('2');
  });

  it('counts all codes of a batch in its round trip', async () => {
    const { cache, catalog } = process_;
    const entries = ['icd10:A00', 'icd10:A01'].map((key) => catalog.entry(key));
    for (const { key } of entries) cache.count(use(key));
    await cache.getMany(entries, catalog.loadMany);
    expect(await admin.zrange(USAGE, '0', '-1')).toEqual(['icd10:A00', 'icd10:A01']);
  });

  it('never fails a read: a count that Redis refuses is tried once more and then dropped', async () => {
    const { cache, catalog } = process_;
    await admin.set(USAGE, 'no sorted set');
    cache.count(use('icd10:Z00.00'));
    const answer = await cache.get(catalog.entry('icd10:Z00.00'));
    expect(answer.value?.name).toBe('icd10:Z00.00');
    await cache.get(catalog.entry('icd10:Z00.01'));
    await admin.del(USAGE);
    await cache.get(catalog.entry('icd10:Z00.02'));
    expect(await admin.exists(USAGE)).toBe(0);
  });

  it('forgets new members rather than grow without bound', () => {
    const outbox = new Outbox();
    for (let index = 0; index < OUTBOX_LIMIT + 50; index += 1) outbox.enqueue(use(`icd10:${index}`));
    outbox.enqueue(use('icd10:0'));
    expect(outbox.size).toBe(OUTBOX_LIMIT);
  });
});
