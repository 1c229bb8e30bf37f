import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { LOOKUP_TIMEOUT_SECONDS } from '../../lambda/names/functions';
import { RELEASE_CHECK_MS } from '../../lambda/names/ttl';
import { FakeSecret } from '../rotation/fake-secrets';
import { BundledFunction, type Invocations } from '../support/bundled-function';
import { S3Server } from '../support/s3/server';
import { type SecretsManagerServer, startSecretsManager } from '../support/secrets-manager-server';
import { SmallCatalog } from '../support/small-catalog';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:redis-AbCdEf';
const PASSWORD = 'canary-9f31c0d2';

let lookup: BundledFunction;
let redis: RedisServer;
let secrets: SecretsManagerServer;
let catalog: SmallCatalog;
let variables: Record<string, string>;

beforeAll(async () => {
  lookup = new BundledFunction('lookup');
  [redis, catalog] = await Promise.all([startRedisServer({ password: PASSWORD }), SmallCatalog.of()]);
  secrets = await startSecretsManager(new Map([[SECRET, new FakeSecret(redis.connectionString)]]));
  variables = {
    ...secrets.variables,
    MEDICAL_CODES_ENV: 'dev',
    REDIS_SECRET_ARN: SECRET,
    CATALOG_STORE: catalog.url,
    AUTH_MODE: 'iam',
    TEAM_CLAIM: 'teamId',
  };
}, 60_000);

afterAll(async () => {
  lookup.remove();
  catalog.remove();
  await redis.stop();
  await secrets.stop();
});

interface EventOptions {
  method?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
  authorizer?: unknown;
  stage?: string;
}

const SIGNED = { iam: { accessKey: 'AKIA', accountId: '1', userArn: 'arn:aws:iam::1:user/backend' } };
const tokenOf = (claims: Record<string, string>): unknown => ({ jwt: { claims, scopes: null } });

/** What an HTTP API sends, payload format 2.0. */
function event(path: string, options: EventOptions = {}): unknown {
  const { method = 'GET', query = '', headers = {}, body, authorizer = SIGNED, stage = '$default' } = options;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { host: 'abc.execute-api.us-east-1.amazonaws.com', ...headers },
    requestContext: {
      accountId: '1',
      apiId: 'abc',
      authorizer,
      domainName: 'abc.execute-api.us-east-1.amazonaws.com',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: `id-${path.length}`,
      routeKey: '$default',
      stage,
      time: '22/Nov/2026:10:00:00 +0000',
      timeEpoch: 0,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: options.isBase64Encoded ?? false,
  };
}

interface Result {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

function resultsOf({ results, output }: Invocations): Result[] {
  return results.map(({ result, thrown }) => {
    if (thrown !== undefined) throw new Error(`${thrown}\n${output}`);
    return result as Result;
  });
}

const invoke = async (events: readonly unknown[], more: Record<string, string> = {}): Promise<Result[]> =>
  resultsOf(await lookup.invoke({ ...variables, ...more }, events));

test('the deployed bundle answers lookups from the catalog, then from memory, and for the next process from Redis', async () => {
  const path = '/v1/icd10/z0000';
  const [first, second] = await invoke([event(path), event(path)]);
  expect(first).toMatchObject({
    statusCode: 200,
    headers: {
      'content-type': 'application/json',
      'x-cache': 'miss',
      'x-catalog-release': '2026.1',
      'x-request-id': `id-${path.length}`,
      'cache-control': 'private, max-age=300',
    },
  });
  expect(JSON.parse(first!.body)).toMatchObject({ code: 'Z00.00', billable: true });
  expect(second!.headers['x-cache']).toBe('memory');
  expect(second!.body).toBe(first!.body);
  const [other] = await invoke([event(path, { headers: { 'if-none-match': first!.headers.etag! } })]);
  expect(other).toMatchObject({ statusCode: 304, body: '', headers: { 'x-cache': 'redis' } });
});

test('every kind of request arrives as it was sent', async () => {
  const batch = JSON.stringify({ codes: [{ type: 'cpt', code: '99213' }] });
  const json = { 'content-type': 'application/json' };
  const results = await invoke([
    event('/v1/icd10/categories/Z00', { query: 'limit=1&billable=true' }),
    event('/v1/icd10/categories/Z00', { query: 'limit=1&limit=2' }),
    event('/v1/codes/batch', { method: 'POST', headers: json, body: batch }),
    event('/v1/codes/batch', {
      method: 'POST',
      headers: json,
      body: Buffer.from(batch).toString('base64'),
      isBase64Encoded: true,
    }),
    event('/v1/codes/batch', { method: 'POST', headers: json, body: ' '.repeat(70_000) }),
    event('/v1/icd10/Z00.00', { method: 'HEAD' }),
    // The gateway decodes paths; whoever tests by hand does not.
    event('/v1/icd10/ z0000 '),
    event('/v1/icd10/%20z0000%20'),
    event('/v1/icd10/Z00?0'),
    event('/v1/icd10/Z00#0'),
    event('/v1/icd10/100%'),
    event('/dev/v1/icd10/Z00.00', { stage: 'dev' }),
    event('/v1/icd10/Z00.00', { method: 'TRACE' }),
    event('/v1/icd10/Z00.00', { headers: { 'x-odd': '日本' } }),
    event('/v1/nowhere'),
  ]);
  expect(results.map(({ statusCode }) => statusCode)).toEqual([
    200, 400, 200, 200, 413, 200, 200, 200, 400, 400, 400, 200, 400, 200, 404,
  ]);
  expect(JSON.parse(results[0]!.body)).toMatchObject({ total: 2, codes: [{ code: 'Z00.00' }] });
  expect(JSON.parse(results[1]!.body)).toMatchObject({ field: 'limit' });
  expect(JSON.parse(results[3]!.body)).toMatchObject({ results: [{ found: true }] });
  expect(results[5]!.body).toBe('');
});

test('the OpenAPI description is in the bundle', async () => {
  const [answer] = await invoke([event('/openapi.json')]);
  expect(JSON.parse(answer!.body)).toMatchObject({ openapi: '3.1.0' });
});

describe('callers', () => {
  const teamPath = '/v1/teams/demo/hot-codes';
  const code = '/v1/icd10/Z00.00';
  const statuses = async (mode: string, events: readonly unknown[]): Promise<number[]> =>
    (await invoke(events, { AUTH_MODE: mode })).map(({ statusCode }) => statusCode);

  test('without an identity of the configured kind get 401, but for health', async () => {
    const nobody = { authorizer: undefined };
    const token = { authorizer: tokenOf({ teamId: 'demo' }) };
    expect(await statuses('iam', [event(code, { authorizer: null }), event(code, token)])).toEqual([
      401, 401,
    ]);
    expect(
      await statuses('jwt', [event(code, { authorizer: null }), event(code, { authorizer: SIGNED })]),
    ).toEqual([401, 401]);
    expect(await statuses('jwt', [event('/v1/health', { ...nobody, authorizer: null })])).toEqual([200]);
  });

  test("see a team's list only with that team's claim", async () => {
    const as = (claims: Record<string, string>) => event(teamPath, { authorizer: tokenOf(claims) });
    expect(
      await statuses('jwt', [as({ teamId: 'demo' }), as({ teamId: 'other' }), as({ sub: 'demo' })]),
    ).toEqual([200, 403, 403]);
    expect(await statuses('iam', [event(teamPath)])).toEqual([200]);
  });

  test('are asked for the claim that is configured', async () => {
    const results = await invoke([event(teamPath, { authorizer: tokenOf({ 'custom:team': 'demo' }) })], {
      AUTH_MODE: 'jwt',
      TEAM_CLAIM: 'custom:team',
    });
    expect(results[0]!.statusCode).toBe(200);
  });
});

test('each request leaves one log line and one metrics blob, and no secret or body in either', async () => {
  const body = JSON.stringify({ codes: [{ type: 'icd10', code: 'U07.1' }] });
  const run = await lookup.invoke(variables, [
    event('/v1/cpt/0001f'),
    event('/v1/cpt/0001f'),
    event('/v1/codes/batch', { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
  ]);
  const lines = run.output
    .split('\n')
    .filter((line) => line.includes('"message":"request"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatchObject({
    level: 'INFO',
    requestId: 'id-13',
    route: '/v1/{type}/{code}',
    method: 'GET',
    status: 200,
    outcome: 'miss',
    release: '2026.1',
    latencyMs: expect.any(Number),
  });
  expect(lines[1]).toMatchObject({ outcome: 'memory' });
  expect(run.blobs).toHaveLength(3);
  expect(run.blobs[0]).toMatchObject({
    Environment: 'dev',
    CacheMisses: 1,
    SourceReads: 1,
    LookupLatency: expect.any(Number),
  });
  expect(run.blobs[1]).toMatchObject({ Environment: 'dev', CacheHits: 1 });
  const withoutResults = run.output.replace(/^RESULT .*$/gm, '');
  expect(withoutResults).not.toMatch(/canary|0001F|U07\.1|redis:\/\//i);
});

test('with Redis and the catalog out, lookups are 503, counted and logged', async () => {
  const run = await lookup.invoke(
    { ...variables, REDIS_SECRET_ARN: 'missing', CATALOG_STORE: 'file:/nonexistent/catalog' },
    [event('/v1/icd10/Z00.00'), event('/v1/health')],
  );
  const [answer, health] = resultsOf(run);
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
  expect(JSON.parse(health!.body)).toEqual({ status: 'degraded' });
  expect(run.blobs[0]).toMatchObject({ LookupErrors: 1, SourceErrors: 1 });
  expect(run.output).toContain('"level":"ERROR"');
});

test.each([
  ['AUTH_MODE', 'none'],
  ['AUTH_MODE', ''],
  ['AUTH_MODE', 'open'],
  ['REDIS_SECRET_ARN', ''],
  ['CATALOG_STORE', ''],
  ['MEDICAL_CODES_ENV', 'test'],
])('with %s=%j the function does not start', async (name, value) => {
  await expect(lookup.invoke({ ...variables, [name]: value }, [event('/v1/icd10/Z00.00')])).rejects.toThrow(
    name,
  );
});

test('a store that never answers is a 503 before Lambda ends the request without a word', async () => {
  const silent = await S3Server.start();
  silent.fault = () => 'never-answers';
  try {
    const { results, output } = await lookup.invoke(
      { ...variables, ...silent.variables, REDIS_SECRET_ARN: 'none', CATALOG_STORE: silent.url },
      [event('/v1/icd10/Z00.00')],
      // Of all limits only the handler's own runs out; what is below it waits for ever.
      { patience: 1_000_000, atOnce: { over: 5_000, under: LOOKUP_TIMEOUT_SECONDS * 1_000 } },
    );
    const { statusCode, headers, body } = results[0]!.result as Result;
    expect(statusCode).toBe(503);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'retry-after': '5',
      'x-request-id': 'id-16',
    });
    expect(JSON.parse(body)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(output).toContain('"message":"no answer in time"');
    expect(output).toContain('"LookupErrors":1');
  } finally {
    await silent.stop();
  }
});

test('a use that memory answered has reached Redis when the request is over', async () => {
  const admin = new Redis(redis.connectionString);
  const path = '/v1/hcpcs/G0438';
  const headers = { 'x-team-id': 'settling' };
  // The second comes before the release is looked at again, so that no read of Redis takes the use along.
  const run = await lookup.invoke(variables, [event(path, { headers }), event(path, { headers })], {
    patience: 100,
    betweenEvents: RELEASE_CHECK_MS - 500,
  });
  expect(resultsOf(run).map((result) => result.headers['x-cache'])).toEqual(['miss', 'memory']);
  expect(await admin.zscore('usage:settling', 'hcpcs:G0438')).toBe('2');
  await admin.quit();
});
