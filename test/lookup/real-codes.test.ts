import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRelease } from '../../lambda/catalog/build/build-release';
import { Invalidation } from '../../lambda/cache/invalidate';
import { openStore } from '../../lambda/store/open-store';
import type { ObjectStore } from '../../lambda/store/object-store';
import { publishRelease } from '../../lambda/catalog/publish/publish-release';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import type { HammerReport } from './hammer';
import { type OrderFileCode, orderFileCodes, valueOf } from './order-file-codes';
import { RunningService } from './running-service';

const real = process.env.REAL_DATA_DIR;

(real === undefined ? describe.skip : describe)('the official ICD-10-CM files (needs REAL_DATA_DIR)', () => {
  let folder: string;
  let url: string;
  let store: ObjectStore;
  const file = (year: number): string => join(real ?? '', `icd10cm-order-${year}.txt.gz`);
  let redis: RedisServer;
  let codes2021: OrderFileCode[];

  const build = async (release: string, year: number): Promise<void> => {
    const sources = { icd10: [file(year)], icd10Notes: [], cpt: [], hcpcs: [], crosswalk: [] };
    await buildRelease(store, { release, sources }, { now: () => new Date() });
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'medical-codes-real-'));
    url = `file:${folder}`;
    store = openStore(url);
    redis = await startRedisServer();
    codes2021 = orderFileCodes(file(2021));
    await build('2021', 2021);
    await publishRelease(store, '2021', { now: () => new Date(), cache: undefined });
  }, 240_000);

  afterAll(async () => {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('every code reads back through the API as the file has it', async () => {
    const service = new RunningService(store, redis.connectionString);
    let read = 0;
    for (let from = 0; from < codes2021.length; from += 200) {
      const chunk = codes2021.slice(from, from + 200);
      const response = await service.batch(chunk.map(({ code }) => ({ type: 'icd10', code })));
      const { results } = (await response.json()) as { results: { found: boolean; record: OrderFileCode }[] };
      const answered = results.map(({ record }) => {
        const { code, billable, shortDescription, description } = record;
        return { code, billable, shortDescription, description };
      });
      expect(answered).toEqual(chunk);
      read += answered.length;
    }
    await service.close();
    expect(read).toBe(95_358);
  }, 240_000);

  test('S82 lists its 3,346 codes in the order of the file, over pages', async () => {
    const service = new RunningService(store, redis.connectionString);
    const listed: string[] = [];
    let cursor = '';
    do {
      const response = await service.get(
        `/v1/icd10/categories/S82?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      const page = (await response.json()) as {
        total: number;
        codes: { code: string }[];
        nextCursor: string | null;
      };
      expect(page.total).toBe(3_346);
      listed.push(...page.codes.map(({ code }) => code));
      cursor = page.nextCursor ?? '';
    } while (cursor !== '');
    await service.close();
    const expected = codes2021.map(({ code }) => code).filter((code) => code.startsWith('S82'));
    expect(expected).toHaveLength(3_346);
    expect(listed).toEqual(expected);
  }, 120_000);

  test('every category lists its codes in the order of the file', async () => {
    const service = new RunningService(store, redis.connectionString);
    const categories = Map.groupBy(codes2021, ({ code }) => code.slice(0, 3));
    expect(categories.size).toBe(1_911);
    let unsorted = 0;
    for (const [category, codes] of categories) {
      const response = await service.get(`/v1/icd10/categories/${category}?limit=1000`);
      const { codes: listed } = (await response.json()) as { codes: { code: string }[] };
      const expected = codes.slice(0, 1_000).map(({ code }) => code);
      expect(listed.map(({ code }) => code)).toEqual(expected);
      if (JSON.stringify(expected) !== JSON.stringify([...expected].sort())) unsorted += 1;
    }
    await service.close();
    // The order of the file is not that of the letters, or this would prove little.
    expect(unsorted).toBeGreaterThan(0);
  }, 120_000);

  test('no changed code is answered with its former value once a publish has returned', async () => {
    const after = new Map(orderFileCodes(file(2022)).map((code) => [code.code, code]));
    const before = new Map(codes2021.map((code) => [code.code, code]));
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (code) => JSON.stringify(before.get(code)) !== JSON.stringify(after.get(code)),
    );
    expect(changed.length).toBeGreaterThan(200);
    const expected = Object.fromEntries(changed.map((code) => [code, valueOf(after.get(code))]));
    await build('2022', 2022);

    // Warm Redis and the memory of every process with 2021, then let them go on asking.
    const hammers = Array.from({ length: 3 }, () =>
      fork(join(__dirname, 'hammer.ts'), {
        execArgv: ['--import', 'tsx'],
        env: { PATH: process.env.PATH, STORE: url, REDIS: redis.connectionString },
      }),
    );
    const connection = new RedisConnection(constantSource(redis.connectionString));
    try {
      await Promise.all(
        hammers.map(async (hammer) => {
          hammer.send({ expected });
          await heard(hammer, 'warm');
        }),
      );
      const report = await publishRelease(store, '2022', {
        now: () => new Date(),
        cache: new Invalidation(connection, 'test', { opsPerSecond: 0 }),
      });
      for (const hammer of hammers) hammer.send('published');
      const reports = await Promise.all(hammers.map((hammer) => heard(hammer, 'report')));
      expect(report.cache?.removedKeys).toBeGreaterThan(100);
      for (const { former, asked, wrong } of reports.map(({ report: each }) => each!)) {
        // It was hammered before and after, and had former values to give away.
        expect(former).toBeGreaterThan(100);
        expect(asked).toBeGreaterThan(changed.length);
        expect(wrong.slice(0, 10)).toEqual([]);
      }
    } finally {
      connection.close();
      for (const hammer of hammers) hammer.kill('SIGKILL');
    }
  }, 240_000);
});

interface HammerMessage {
  kind: 'warm' | 'report';
  report?: HammerReport;
}

async function heard(hammer: ChildProcess, kind: HammerMessage['kind']): Promise<HammerMessage> {
  for (;;) {
    const [message] = (await once(hammer, 'message')) as [HammerMessage];
    if (message.kind === kind) return message;
  }
}
