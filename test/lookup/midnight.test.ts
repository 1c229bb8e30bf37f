import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { HandClock } from '../cache/support';
import { SmallCatalog } from '../support/small-catalog';
import { RunningService } from './running-service';

/** The last second of 30 September 2026 in New York. */
const LAST_SECOND = Date.parse('2026-10-01T03:59:59Z');

describe('a process that lives through midnight', () => {
  const catalog = new SmallCatalog();
  let redis: RedisServer;
  let service: RunningService;
  let clock: HandClock;

  beforeAll(async () => {
    redis = await startRedisServer();
    const edition = (from: string, ...lines: string[]): { path: string; from: string } => ({
      from,
      path: catalog.file(`${from}.csv`, ['code,short,long,billable', ...lines, ''].join('\n')),
    });
    await catalog.buildFrom('r1', {
      icd10: [
        edition(
          '2026-10-01',
          'Z00,SAMPLE,SAMPLE,false',
          'Z00.1,SAMPLE new,SAMPLE new,true',
          'Z00.2,SAMPLE,SAMPLE,false',
        ),
        edition(
          '2025-10-01',
          'Z00,SAMPLE,SAMPLE,false',
          'Z00.0,SAMPLE,SAMPLE,true',
          'Z00.2,SAMPLE,SAMPLE,true',
        ),
      ],
    });
    await catalog.publish('r1');
    clock = new HandClock(LAST_SECOND);
    service = new RunningService(catalog.store, redis.connectionString, { clock });
  });
  afterAll(async () => {
    await service.close();
    await redis.stop();
    catalog.remove();
  });

  interface Said {
    cache: string | null;
    edition: string | null;
    body: Record<string, unknown>;
  }
  const ask = async (path: string): Promise<Said> => {
    const response = await service.get(path);
    const { headers } = response;
    return {
      cache: headers.get('x-cache'),
      edition: headers.get('x-catalog-edition'),
      body: (await response.json()) as Record<string, unknown>,
    };
  };

  it('answers for the new day at once, from the very values it holds in memory', async () => {
    const paths = ['Z00.0', 'Z00.1', 'Z00.2', 'categories/Z00'].map((each) => `/v1/icd10/${each}`);
    for (const path of paths) await ask(path);
    const before = await Promise.all(paths.map(ask));
    expect(before.map(({ cache, edition }) => [cache, edition])).toEqual(
      paths.map(() => ['memory', '2025-10-01']),
    );
    expect(before.map(({ body }) => body)).toMatchObject([
      { status: 'active', billable: true, validTo: '2026-09-30' },
      { status: 'future', billable: false, validFrom: '2026-10-01' },
      { status: 'active', billable: true },
      { total: 3, codes: [{ code: 'Z00' }, { code: 'Z00.0' }, { code: 'Z00.2', billable: true }] },
    ]);

    clock.time = LAST_SECOND + 1_000;
    const after = await Promise.all(paths.map(ask));
    expect(after.map(({ cache, edition }) => [cache, edition])).toEqual(
      paths.map(() => ['memory', '2026-10-01']),
    );
    expect(after.map(({ body }) => body)).toMatchObject([
      { status: 'ended', billable: false, validTo: '2026-09-30' },
      { status: 'active', billable: true, validFrom: '2026-10-01' },
      { status: 'active', billable: false, validFrom: '2026-10-01' },
      { total: 3, codes: [{ code: 'Z00' }, { code: 'Z00.1' }, { code: 'Z00.2', billable: false }] },
    ]);
  });

  it('and another process, which finds them in Redis, says the same', async () => {
    const other = new RunningService(catalog.store, redis.connectionString, { clock });
    const response = await other.get('/v1/icd10/Z00.1');
    expect([response.headers.get('x-cache'), response.headers.get('x-catalog-edition')]).toEqual([
      'redis',
      '2026-10-01',
    ]);
    expect(await response.json()).toMatchObject({ status: 'active' });
    expect((await other.get('/v1/icd10/Z00.1?on=2025-09-30')).status).toBe(404);
    await other.close();
  });
});
