import type { Identity } from '../../../lambda/api/identity';
import { type Loose, smallService } from '../../support/small-service';

const callers = {
  nobody: { kind: 'missing' },
  demo: { kind: 'jwt', team: 'demo' },
  teamless: { kind: 'jwt', team: undefined },
  signed: { kind: 'iam' },
  local: { kind: 'open' },
} as const satisfies Record<string, Identity>;

async function ask(identity: Identity, path: string, headers: Record<string, string> = {}) {
  const service = smallService({ identity });
  const response = await service.send(path, { headers });
  return { status: response.status, body: (await response.json()) as Loose, response, uses: service.uses };
}

const PATHS = [
  '/v1/icd10/Z00.00',
  '/v1/icd10/categories/Z00',
  '/v1/teams/demo/hot-codes',
  '/v1/crosswalk/Z00.00',
  '/v1/crosswalk/Z00.00/99213',
  '/openapi.json',
];

test.each(PATHS)('%s is 401 for nobody', async (path) => {
  const { status, body, response } = await ask(callers.nobody, path);
  expect([status, body.code]).toEqual([401, 'UNAUTHORIZED']);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
});

test('a batch is 401 for nobody, before its body is looked at', async () => {
  const response = await smallService({ identity: callers.nobody }).batch('nonsense');
  expect(response.status).toBe(401);
});

test('nobody learns from a 400 what a 401 keeps', async () => {
  expect((await ask(callers.nobody, '/v1/icd10/nonsense')).status).toBe(401);
  expect((await ask(callers.nobody, '/v1/teams/a:b/hot-codes')).status).toBe(401);
});

describe("a team's list", () => {
  const path = '/v1/teams/demo/hot-codes';

  test('is shown to a token of the team', async () => {
    expect((await ask(callers.demo, path)).status).toBe(200);
  });

  test.each([
    ['another team', { kind: 'jwt', team: 'other' } as const],
    ['no team', callers.teamless],
    ['a team in other letters', { kind: 'jwt', team: 'Demo' } as const],
  ])('is 403 for a token of %s', async (_whose, identity) => {
    const { status, body } = await ask(identity, path);
    expect([status, body.code]).toEqual([403, 'FORBIDDEN_TEAM']);
  });

  test('is shown to signed requests, and on an open local server', async () => {
    expect((await ask(callers.signed, path)).status).toBe(200);
    expect((await ask(callers.local, path)).status).toBe(200);
  });
});

describe('a use counts', () => {
  const path = '/v1/icd10/z0000';

  test("for the token's team, whatever the header says", async () => {
    expect((await ask(callers.demo, path, { 'x-team-id': 'other' })).uses).toEqual(['demo icd10:Z00.00']);
    expect((await ask(callers.teamless, path, { 'x-team-id': 'other' })).uses).toEqual([]);
  });

  test("for the header's team when the request is signed", async () => {
    expect((await ask(callers.signed, path, { 'x-team-id': 'demo' })).uses).toEqual(['demo icd10:Z00.00']);
    expect((await ask(callers.signed, path)).uses).toEqual([]);
  });

  test('never for a header that is no team id', async () => {
    const { status, body, uses } = await ask(callers.signed, path, { 'x-team-id': 'a:b' });
    expect([status, body.field, uses]).toEqual([400, 'x-team-id', []]);
  });

  test('with the read itself, before it is known whether the code exists: the roll-up drops those that do not', async () => {
    expect((await ask(callers.demo, '/v1/icd10/Z99.999')).uses).toEqual(['demo icd10:Z99.999']);
    const service = smallService({ identity: callers.demo });
    await service.batch({
      codes: [
        { type: 'cpt', code: '99213' },
        { type: 'icd10', code: 'Z00.00' },
      ],
    });
    expect(service.uses).toEqual(['demo cpt:99213', 'demo icd10:Z00.00']);
  });

  test('not for lists', async () => {
    expect((await ask(callers.demo, '/v1/icd10/categories/Z00')).uses).toEqual([]);
    expect((await ask(callers.demo, '/v1/crosswalk/Z00.00/99213')).uses).toEqual([]);
  });
});

test('each request is reported once, by its pattern and without what was asked', async () => {
  const service = smallService();
  await service.send('/v1/icd10/z0000');
  await service.send('/v1/cpt/9921');
  await service.send('/v1/icd10/z0000', { method: 'DELETE' });
  await service.send('/nowhere/at/all');
  await service.send('/v1/icd10/Z99.999', { method: 'HEAD' });
  expect(service.served).toMatchObject([
    {
      requestId: 'req-1',
      route: '/v1/{type}/{code}',
      method: 'GET',
      status: 200,
      outcome: 'miss',
      release: '2026.1',
    },
    { route: '/v1/{type}/{code}', status: 400 },
    { route: '/v1/{type}/{code}', method: 'DELETE', status: 405 },
    { route: 'none', status: 404 },
    { route: '/v1/{type}/{code}', method: 'HEAD', status: 404, outcome: 'miss' },
  ]);
  for (const entry of service.served) {
    expect(entry.latencyMs).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(entry)).not.toMatch(/z0000|Z99/i);
  }
});
