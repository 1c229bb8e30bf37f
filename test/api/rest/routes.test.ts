import * as z from 'zod/mini';
import { batchAnswerSchema, healthSchema } from '../../../lambda/api/rest/answers';
import { ROUTES } from '../../../lambda/api/rest/routes';
import { datedRecordSchema } from '../../../lambda/codes/dated-record';
import {
  categoryPageSchema,
  crosswalkPairSchema,
  crosswalkSchema,
  hotCodesAnswerSchema,
} from '../../../lambda/lookup/answers';
import { type Loose, RECORDS, RELEASE, smallService } from '../../support/small-service';

const { send, batch } = smallService();
const json = async (path: string): Promise<Loose> => (await send(path)).json();

/** Z00.00 as it is answered for any date. */
const UNDATED = {
  ...RECORDS.find(({ code }) => code === 'Z00.00'),
  status: 'active',
  validFrom: null,
  validTo: null,
};

describe('one code', () => {
  test.each(['Z00.00', 'z0000', '%20z00.00%20', 'ICD-10%20Z00.00', 'icd10:z0000'])(
    'is found as %s',
    async (spelling) => {
      const response = await send(`/v1/icd10/${spelling}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(UNDATED);
    },
  );

  test('of every system has the shape of a record', async () => {
    for (const { type, code } of RECORDS) {
      const record = z.parse(datedRecordSchema, await json(`/v1/${type}/${code}`));
      expect(record).toMatchObject({ type, code });
    }
  });
});

describe('a category', () => {
  test('lists its codes in official order', async () => {
    const page = z.parse(categoryPageSchema, await json('/v1/icd10/categories/z00'));
    expect(page.codes.map(({ code }) => code)).toEqual([
      'Z00',
      'Z00.0',
      'Z00.00',
      'Z00.01',
      'Z00.8',
      'Z00.2',
    ]);
    expect(page).toMatchObject({ type: 'icd10', category: 'Z00', total: 6, nextCursor: null });
    expect(page.codes[2]).toEqual({
      code: 'Z00.00',
      shortDescription: 'Sample Z00.00',
      billable: true,
      status: 'active',
      validTo: null,
    });
  });

  test('comes in pages that neither repeat nor skip a code', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Loose = await json(
        `/v1/icd10/categories/Z00?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(page.total).toBe(6);
      seen.push(...page.codes.map(({ code }: Loose) => code));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['Z00', 'Z00.0', 'Z00.00', 'Z00.01', 'Z00.8', 'Z00.2']);
  });

  test('has no next page when the last one is exactly full', async () => {
    const first = await json('/v1/icd10/categories/Z00?limit=3');
    const second = await json(`/v1/icd10/categories/Z00?limit=3&cursor=${first.nextCursor}`);
    expect(second.codes).toHaveLength(3);
    expect(second.nextCursor).toBeNull();
  });

  test('filters by billable, and its total counts what matches', async () => {
    const billable = await json('/v1/icd10/categories/Z00?billable=true&limit=3');
    expect(billable.total).toBe(4);
    expect(billable.codes.map(({ code }: Loose) => code)).toEqual(['Z00.00', 'Z00.01', 'Z00.8']);
    const rest = await json(`/v1/icd10/categories/Z00?billable=true&limit=3&cursor=${billable.nextCursor}`);
    expect(rest.codes.map(({ code }: Loose) => code)).toEqual(['Z00.2']);
    const headers = await json('/v1/icd10/categories/Z00?billable=false');
    expect(headers).toMatchObject({ total: 2, nextCursor: null });
  });

  test('of CPT is a section, of HCPCS a letter', async () => {
    expect(await json('/v1/cpt/categories/Evaluation-And-Management')).toMatchObject({ total: 1 });
    expect(await json('/v1/hcpcs/categories/g')).toMatchObject({ category: 'G', total: 1 });
  });
});

describe("a team's hot codes", () => {
  test('come ranked, up to the limit', async () => {
    const list = z.parse(hotCodesAnswerSchema, await json('/v1/teams/demo/hot-codes?limit=2'));
    expect(list.codes.map(({ rank, code }) => [rank, code])).toEqual([
      [1, 'Z00.00'],
      [2, 'U07.1'],
    ]);
  });

  test('are an empty list for a team nobody has counted for', async () => {
    expect(await json('/v1/teams/new-team/hot-codes')).toEqual({
      teamId: 'new-team',
      generatedAt: null,
      codes: [],
    });
  });
});

describe('a crosswalk', () => {
  test('lists the procedures of a diagnosis', async () => {
    const crosswalk = z.parse(crosswalkSchema, await json('/v1/crosswalk/z0000'));
    expect(crosswalk.icd10).toBe('Z00.00');
    expect(crosswalk.cpts.map(({ cpt }) => cpt)).toEqual(['99213', 'G0438', '99299']);
  });

  test('of a known diagnosis without links is empty', async () => {
    expect(await json('/v1/crosswalk/U07.1')).toEqual({ icd10: 'U07.1', cpts: [] });
  });

  test('of a pair says how the two are related', async () => {
    const pair = z.parse(crosswalkPairSchema, await json('/v1/crosswalk/z0000/g0438'));
    expect(pair).toEqual({
      icd10: 'Z00.00',
      cpt: 'G0438',
      related: true,
      relationship: 'covered',
      sources: ['Sample A1', 'Sample A2'],
    });
    // Linked, though the release itself does not hold the procedure.
    expect(await json('/v1/crosswalk/Z00.00/99299')).toMatchObject({ related: true });
  });

  test('of a pair without a link says so', async () => {
    expect(await json('/v1/crosswalk/Z00.01/99213')).toEqual({
      icd10: 'Z00.01',
      cpt: '99213',
      related: false,
      relationship: null,
      sources: [],
    });
  });

  test('of an unlinked procedure no licensed file names is not a 404', async () => {
    const withoutCpt = smallService({
      lookups: {
        catalog: {
          record: (_release, type, code) =>
            Promise.resolve(type === 'icd10' ? RECORDS.find((each) => each.code === code) : undefined),
          records: () => Promise.resolve(new Map()),
          category: () => Promise.resolve(undefined),
          crosswalk: () => Promise.resolve([]),
          hasType: (_release, type) => Promise.resolve(type === 'icd10'),
        },
      },
    });
    expect(await (await withoutCpt.send('/v1/crosswalk/Z00.00/99999')).json()).toMatchObject({
      related: false,
    });
  });
});

describe('a batch', () => {
  test('answers in the order asked, repeats and unknown codes included', async () => {
    const response = await batch({
      codes: [
        { type: 'cpt', code: ' cpt 99213' },
        { type: 'icd10', code: 'Z99.999' },
        { type: 'icd10', code: 'z0000' },
        { type: 'hcpcs', code: 'g0438' },
        { type: 'cpt', code: '99213' },
      ],
    });
    expect(response.status).toBe(200);
    const { results } = z.parse(batchAnswerSchema, await response.json());
    expect(results.map(({ type, code, found }) => [type, code, found])).toEqual([
      ['cpt', '99213', true],
      ['icd10', 'Z99.999', false],
      ['icd10', 'Z00.00', true],
      ['hcpcs', 'G0438', true],
      ['cpt', '99213', true],
    ]);
    expect(results[1]).toEqual({ type: 'icd10', code: 'Z99.999', found: false });
    expect(results[2]?.record).toEqual(UNDATED);
  });

  test('takes 200 codes', async () => {
    const codes = Array.from({ length: 200 }, (_, index) => ({
      type: 'icd10',
      code: `A${String(index).padStart(2, '0').slice(-2)}`,
    }));
    expect((await batch({ codes })).status).toBe(200);
  });
});

test('health needs no credentials and tells the state', async () => {
  const closed = smallService({ identity: { kind: 'missing' } });
  const response = await closed.send('/v1/health');
  expect(response.status).toBe(200);
  expect(z.parse(healthSchema, await response.json())).toEqual({ status: 'ok' });
  expect(response.headers.get('cache-control')).toBe('no-store');
  const ill = smallService({ health: 'degraded' });
  const degraded = await ill.send('/v1/health');
  expect([degraded.status, await degraded.json()]).toEqual([200, { status: 'degraded' }]);
});

describe('headers', () => {
  test('tell where an answer came from', async () => {
    const response = await send('/v1/icd10/Z00.00');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-cache': 'miss',
      'x-catalog-release': RELEASE,
      'x-request-id': 'req-1',
      'cache-control': 'private, max-age=300',
      'content-type': 'application/json',
      etag: expect.stringMatching(/^"[\w-]{22}"$/),
    });
  });

  test('of an unknown code tell how that was found out', async () => {
    const response = await send('/v1/icd10/Z99.999');
    expect(response.status).toBe(404);
    expect(response.headers.get('x-cache')).toBe('miss');
    expect(response.headers.get('x-catalog-release')).toBe(RELEASE);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['the tag', (etag: string) => etag],
    ['a weak form of it', (etag: string) => `W/${etag}`],
    ['a list with it', (etag: string) => `"other", ${etag} , W/"third"`],
    ['a star', () => '*'],
  ])('If-None-Match with %s answers 304 without a body', async (_what, header) => {
    const etag = (await send('/v1/icd10/Z00.00')).headers.get('etag')!;
    const response = await send('/v1/icd10/Z00.00', { headers: { 'if-none-match': header(etag) } });
    expect(response.status).toBe(304);
    expect(await response.text()).toBe('');
    expect(response.headers.get('etag')).toBe(etag);
    expect(response.headers.get('x-cache')).toBe('miss');
    expect(response.headers.get('content-type')).toBeNull();
  });

  test.each(['"other"', 'W/"x", "y"', 'garbage', ''])('If-None-Match %j answers in full', async (header) => {
    const response = await send('/v1/icd10/Z00.00', { headers: { 'if-none-match': header } });
    expect(response.status).toBe(200);
  });

  test('the same answer has the same tag, another answer another', async () => {
    const tag = async (path: string) => (await send(path)).headers.get('etag');
    expect(await tag('/v1/icd10/Z00.00')).toBe(await tag('/v1/icd10/z0000'));
    expect(await tag('/v1/icd10/Z00.00')).not.toBe(await tag('/v1/icd10/Z00.01'));
  });
});

test('HEAD answers like GET, without the body', async () => {
  for (const path of ['/v1/icd10/z0000', '/v1/icd10/categories/Z00', '/v1/health', '/openapi.json']) {
    const head = await send(path, { method: 'HEAD' });
    const get = await send(path);
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
    expect(head.headers.get('content-type')).toBe('application/json');
  }
});

test('the routes are those of the contract', () => {
  expect(ROUTES.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v1/{type}/{code}',
    'GET /v1/{type}/categories/{category}',
    'GET /v1/teams/{teamId}/hot-codes',
    'GET /v1/crosswalk/{icd10}',
    'GET /v1/crosswalk/{icd10}/{cpt}',
    'POST /v1/codes/batch',
    'GET /v1/health',
    'GET /openapi.json',
  ]);
});
