import type { EditionDays } from '../../../lambda/codes/editions';
import type { CodeRecord } from '../../../lambda/codes/record';
import type { LookupCache } from '../../../lambda/lookup/host';
import { HandClock } from '../../cache/support';
import { type Loose, RECORDS, RELEASE, smallService } from '../../support/small-service';

const EDITIONS: EditionDays = { icd10: ['2020-10-01', '2021-10-01', '2026-10-01'], cpt: ['2026-01-01'] };

function record(code: string, members: Partial<CodeRecord>): CodeRecord {
  const words = { description: `SAMPLE ${code} long`, shortDescription: `SAMPLE ${code}` };
  return { type: 'icd10', code, category: code.slice(0, 3), billable: true, ...words, ...members };
}

const DATED: readonly CodeRecord[] = [
  record('M54', { billable: false }),
  record('M54.5', {
    billable: false,
    validFrom: '2021-10-01',
    earlier: [
      {
        billable: true,
        description: 'SAMPLE M54.5 long',
        shortDescription: 'SAMPLE M54.5',
        validTo: '2021-09-30',
      },
    ],
    replacedBy: [{ from: '2021-10-01', codes: ['M54.50'] }],
  }),
  record('M54.50', { validFrom: '2021-10-01' }),
  record('M54.9', { validTo: '2021-09-30' }),
  record('M54.A', { validFrom: '2026-10-01' }),
  { ...record('G0001', {}), type: 'hcpcs', category: 'G', validFrom: '2003-01-01', validTo: '2014-12-31' },
  ...RECORDS,
];

const HOT = {
  teamId: 'demo',
  generatedAt: '2026-11-01T06:00:00.000Z',
  codes: [
    {
      rank: 1,
      type: 'icd10' as const,
      code: 'M54.9',
      shortDescription: 'SAMPLE',
      uses: 3,
      validTo: '2021-09-30',
    },
    { rank: 2, type: 'icd10' as const, code: 'M54', shortDescription: 'SAMPLE', uses: 2 },
  ],
};

const clock = new HandClock(Date.parse('2026-11-25T17:00:00Z'));
const answered = { outcome: 'redis' as const, release: RELEASE };
const cache: LookupCache = {
  get: async (entry) => ({ value: await entry.load(RELEASE), ...answered }),
  getMany: async (entries, loadMany) => {
    const loaded = await loadMany(RELEASE, [...entries]);
    return entries.map(({ key }) => ({ value: loaded.get(key), ...answered }));
  },
  editions: (release) => (release === RELEASE ? EDITIONS : undefined),
};
const { send, batch } = smallService({
  records: DATED,
  lookups: { cache, now: () => clock.now(), hotCodes: () => Promise.resolve(HOT) },
});
const json = async (path: string): Promise<Loose> => (await send(path)).json();
beforeEach(() => (clock.time = Date.parse('2026-11-25T17:00:00Z')));

describe('a code', () => {
  test('is billable until the day before it turns header, and says since when and what instead', async () => {
    expect(await json('/v1/icd10/M54.5?on=2021-09-30')).toMatchObject({
      billable: true,
      status: 'active',
      validTo: '2021-09-30',
    });
    expect(await json('/v1/icd10/M54.5?on=2021-10-01')).toMatchObject({
      billable: false,
      status: 'active',
      validFrom: '2021-10-01',
      replacedBy: ['M54.50'],
    });
  });

  test('without a date is as it is today', async () => {
    expect(await json('/v1/icd10/M54.9')).toMatchObject({ status: 'ended', billable: false });
    expect(await json('/v1/hcpcs/G0001')).toMatchObject({
      status: 'ended',
      billable: false,
      validTo: '2014-12-31',
    });
  });

  test('comes with its history where that is asked for', async () => {
    const { states } = await json('/v1/icd10/m545?history=true');
    expect(states).toHaveLength(2);
    expect(states[0]).toMatchObject({ validFrom: null, validTo: '2021-09-30', billable: true });
  });

  test('names the edition that answers, the last one of that day or before', async () => {
    const edition = async (path: string): Promise<string | null> =>
      (await send(path)).headers.get('x-catalog-edition');
    expect(await edition('/v1/icd10/M54?on=2020-10-01')).toBe('2020-10-01');
    expect(await edition('/v1/icd10/M54?on=2026-09-30')).toBe('2021-10-01');
    expect(await edition('/v1/icd10/M54')).toBe('2026-10-01');
    expect(await edition('/v1/icd10/M54.99')).toBe('2026-10-01');
    expect(await edition('/v1/hcpcs/G0438')).toBeNull();
  });
});

test.each([
  '/v1/icd10/M54?on=2020-09-30',
  '/v1/icd10/M99.99?on=2020-09-30',
  '/v1/icd10/categories/M54?on=2020-09-30',
  '/v1/crosswalk/M54?on=2020-09-30',
  '/v1/crosswalk/M54/G0438?on=2020-09-30',
])('%s, before the first edition, is told the first day that is known', async (path) => {
  const response = await send(path);
  expect(response.status).toBe(404);
  expect(response.headers.get('x-catalog-release')).toBe(RELEASE);
  expect(await response.json()).toMatchObject({
    code: 'NO_EDITION',
    firstDay: '2020-10-01',
    codeType: 'icd10',
  });
});

test('HCPCS has no first day: its records carry their own dates', async () => {
  expect(await json('/v1/hcpcs/G0001?on=2002-12-31')).toMatchObject({ status: 'future', billable: false });
  expect(await json('/v1/hcpcs/G0001?on=2003-01-01')).toMatchObject({ status: 'active', billable: true });
});

describe('a list', () => {
  const codes = async (query: string): Promise<string[]> =>
    (await json(`/v1/icd10/categories/M54${query}`)).codes.map(({ code }: Loose) => code);

  test('holds what is in force on the date', async () => {
    expect(await codes('?on=2021-09-30')).toEqual(['M54', 'M54.5', 'M54.9']);
    expect(await codes('?on=2021-10-01')).toEqual(['M54', 'M54.5', 'M54.50']);
    expect(await codes('')).toEqual(['M54', 'M54.5', 'M54.50', 'M54.A']);
  });

  test('filters by what is billable on the date, and counts what it shows', async () => {
    expect(await codes('?on=2021-09-30&billable=true')).toEqual(['M54.5', 'M54.9']);
    expect(await codes('?on=2021-10-01&billable=true')).toEqual(['M54.50']);
    expect(await json('/v1/icd10/categories/M54?on=2021-10-01&billable=true&status=all')).toMatchObject({
      total: 1,
    });
    expect(await json('/v1/icd10/categories/M54?on=2021-10-01&status=all&limit=2')).toMatchObject({
      total: 5,
    });
  });

  test('has the rest too where it is asked for, each with what it is', async () => {
    const page = await json('/v1/icd10/categories/M54?on=2021-10-01&status=all');
    expect(page.codes.map(({ code, status, billable }: Loose) => [code, status, billable])).toEqual([
      ['M54', 'active', false],
      ['M54.5', 'active', false],
      ['M54.50', 'active', true],
      ['M54.9', 'ended', false],
      ['M54.A', 'future', false],
    ]);
  });

  test('goes on behind a code that is not in force itself', async () => {
    const first = await json('/v1/icd10/categories/M54?on=2021-09-30&limit=2');
    expect(await codes(`?on=2021-10-01&cursor=${first.nextCursor}`)).toEqual(['M54.50']);
  });

  test('of a team says which of its codes have ended', async () => {
    const { codes: listed } = await json('/v1/teams/demo/hot-codes');
    expect(listed.map(({ code, status }: Loose) => [code, status])).toEqual([
      ['M54.9', 'ended'],
      ['M54', 'active'],
    ]);
  });
});

describe('a batch', () => {
  test('is answered for its date, and one bad code is that item’s error alone', async () => {
    const response = await batch({
      on: '2020-12-31',
      codes: [
        { type: 'icd10', code: 'm54.5' },
        { type: 'cpt', code: '9921' },
        { type: 'cpt', code: '99213' },
        { type: 'icd10', code: 'M54.50' },
        { type: 'icd10', code: 'X99' },
      ],
    });
    expect(response.status).toBe(200);
    const { results }: Loose = await response.json();
    expect(results).toMatchObject([
      { code: 'M54.5', found: true, record: { billable: true, status: 'active' } },
      { code: '9921', found: false, error: { code: 'INVALID_CODE' } },
      { code: '99213', found: false, error: { code: 'NO_EDITION' } },
      { code: 'M54.50', found: true, record: { billable: false, status: 'future' } },
      { code: 'X99', found: false },
    ]);
    expect(results[1].error.detail).toContain('codes[1].code');
    expect(results[4]).not.toHaveProperty('error');
  });

  test('reads what is asked twice once', async () => {
    const keys: string[] = [];
    const counted: LookupCache = {
      ...cache,
      getMany: (entries, loadMany) => {
        keys.push(...entries.map(({ key }) => key));
        return cache.getMany(entries, loadMany);
      },
    };
    const service = smallService({ records: DATED, lookups: { cache: counted } });
    const twice = ['M54.5', 'm545', ' m54.5 '].map((code) => ({ type: 'icd10', code }));
    const { results }: Loose = await (await service.batch({ codes: twice })).json();
    expect(results).toHaveLength(3);
    expect(keys).toEqual(['icd10:M54.5']);
  });
});

describe('midnight in New York', () => {
  test('is the end of what is said of today, for browsers too', async () => {
    clock.time = Date.parse('2026-10-01T03:58:00Z');
    const before = await send('/v1/icd10/M54.A');
    expect(before.headers.get('cache-control')).toBe('private, max-age=120');
    expect(await before.json()).toMatchObject({ status: 'future', billable: false });
    clock.time = Date.parse('2026-10-01T04:00:00Z');
    const after = await send('/v1/icd10/M54.A');
    expect(await after.json()).toMatchObject({ status: 'active', billable: true });
    expect(after.headers.get('x-catalog-edition')).toBe('2026-10-01');
    expect(after.headers.get('cache-control')).toBe('private, max-age=300');
  });

  test('does not matter to who names a date', async () => {
    clock.time = Date.parse('2026-10-01T03:59:59Z');
    const response = await send('/v1/icd10/M54.A?on=2026-10-01');
    expect(response.headers.get('cache-control')).toBe('private, max-age=300');
    expect(await response.json()).toMatchObject({ status: 'active' });
  });
});

test.each(['2026-02-30', '2026-1-1', '20261001', 'today', ''])('on=%s is refused, and named', async (on) => {
  const response = await send(`/v1/icd10/M54?on=${on}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', field: 'on' });
});
