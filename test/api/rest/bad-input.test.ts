import { PROBLEMS } from '../../../lambda/api/problem';
import { SourceUnavailable } from '../../../lambda/names/errors';
import { type Loose, smallService } from '../../support/small-service';

const { send, batch } = smallService();

/** Checks what every problem has in common and returns the document. */
async function problem(response: Response | Promise<Response>): Promise<Loose> {
  const settled = await response;
  const text = await settled.text();
  const document = JSON.parse(text);
  expect(settled.headers.get('content-type')).toBe('application/problem+json');
  expect(settled.headers.get('cache-control')).toBe('no-store');
  expect(settled.headers.get('x-request-id')).toBe('req-1');
  expect(document).toMatchObject({
    type: expect.stringMatching(/^urn:medical-codes:problem:[a-z-]+$/),
    title: expect.any(String),
    status: settled.status,
    detail: expect.stringMatching(/[.?]$/),
  });
  expect(PROBLEMS[document.code as keyof typeof PROBLEMS].status).toBe(settled.status);
  expect(text).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
  return document;
}

describe('a malformed code', () => {
  test('is 400 with the expected form', async () => {
    expect(await problem(send('/v1/cpt/9921'))).toMatchObject({
      status: 400,
      code: 'INVALID_CODE',
      field: 'code',
      expected: expect.stringContaining('four digits'),
    });
  });

  test('comes with a suggestion where one is near', async () => {
    expect(await problem(send('/v1/icd10/Z.0000'))).toMatchObject({
      code: 'INVALID_CODE',
      suggestion: 'Z00.00',
    });
  });

  test.each(['/v1/crosswalk/x', '/v1/crosswalk/x/99213'])('is named in %s', async (path) => {
    expect(await problem(send(path))).toMatchObject({ code: 'INVALID_CODE', field: 'icd10' });
  });

  test('in the place of a procedure is named', async () => {
    expect(await problem(send('/v1/crosswalk/Z00.00/x'))).toMatchObject({
      code: 'INVALID_CODE',
      field: 'cpt',
    });
  });

  test.each(['<script>', '"', '日本', '..%2F..%2Fetc', 'Z00:category', '*', '{{7*7}}', "Z00' OR 1=1"])(
    '%s never reaches the catalog',
    async (code) => {
      const never = smallService({
        lookups: {
          cache: {
            get: () => Promise.reject(new Error('read')),
            getMany: () => Promise.reject(new Error('read')),
            editions: () => undefined,
          },
        },
      });
      expect(await problem(never.send(`/v1/icd10/${encodeURIComponent(code)}`))).toMatchObject({
        status: 400,
      });
    },
  );
});

test.each([
  ['/v1/icd10/Z99.999', 'icd10', 'Z99.999'],
  ['/v1/cpt/99999', 'cpt', '99999'],
  ['/v1/icd10/categories/Q99', 'icd10', 'Q99'],
  ['/v1/cpt/categories/surgery', 'cpt', 'surgery'],
  ['/v1/crosswalk/Q99', 'icd10', 'Q99'],
  ['/v1/crosswalk/Q99/99213', 'icd10', 'Q99'],
  ['/v1/crosswalk/Z00.00/99999', 'cpt', '99999'],
  ['/v1/crosswalk/Z00.00/J9999', 'hcpcs', 'J9999'],
])('%s is 404, the release does not hold it', async (path, codeType, value) => {
  expect(await problem(send(path))).toMatchObject({ status: 404, code: 'UNKNOWN_CODE', codeType, value });
});

test.each([
  ['/v1/icd10/categories/Z0', 'category'],
  ['/v1/cpt/categories/nonsense', 'category'],
  ['/v1/icd10/categories/Z00?limit=0', 'limit'],
  ['/v1/icd10/categories/Z00?limit=1001', 'limit'],
  ['/v1/icd10/categories/Z00?limit=', 'limit'],
  ['/v1/icd10/categories/Z00?limit=1e2', 'limit'],
  ['/v1/icd10/categories/Z00?limit=-1', 'limit'],
  ['/v1/icd10/categories/Z00?limit=1.5', 'limit'],
  ['/v1/icd10/categories/Z00?limit=10&limit=20', 'limit'],
  ['/v1/icd10/categories/Z00?billable=yes', 'billable'],
  ['/v1/icd10/categories/Z00?billable=TRUE', 'billable'],
  ['/v1/icd10/categories/Z00?billable', 'billable'],
  ['/v1/icd10/categories/Z00?cursor=', 'cursor'],
  ['/v1/icd10/categories/Z00?cursor=abc', 'cursor'],
  ['/v1/icd10/categories/Z00?cursor=%00', 'cursor'],
  [`/v1/icd10/categories/Z00?cursor=${'A'.repeat(300)}`, 'cursor'],
  ['/v1/icd10/categories/Z00?limt=10', 'limt'],
  ['/v1/icd10/Z00.00?verbose=1', 'verbose'],
  ['/v1/icd10/Z00.00?__proto__=1', '__proto__'],
  ['/v1/teams/demo/hot-codes?limit=0', 'limit'],
  ['/v1/teams/demo/hot-codes?cursor=x', 'cursor'],
  ['/v1/teams/de%20mo/hot-codes', 'teamId'],
  ['/v1/teams/a:b/hot-codes', 'teamId'],
  [`/v1/teams/${'x'.repeat(65)}/hot-codes`, 'teamId'],
  ['/v1/health?x=1', 'x'],
  ['/v1/icd10/%ff', 'path'],
  ['/v1/icd10/%', 'path'],
  ['/v1/icd10/Z00%00', 'path'],
  ['/v1/icd10/Z00%0a', 'path'],
  [`/v1/icd10/${'Z'.repeat(600)}`, 'path'],
])('%s is 400 naming %s', async (path, field) => {
  const document = await problem(send(path));
  expect(document).toMatchObject({ status: 400, code: 'INVALID_REQUEST', field });
});

test("another list's cursor is refused", async () => {
  const { nextCursor }: Loose = await (await send('/v1/icd10/categories/Z00?limit=1')).json();
  const answer = send(`/v1/hcpcs/categories/G?cursor=${nextCursor}`);
  expect(await problem(answer)).toMatchObject({
    field: 'cursor',
    detail: expect.stringContaining('another list'),
  });
});

test('a cursor whose code has left the release is refused', async () => {
  const cursor = Buffer.from('1:icd10:Z00:Z00.77').toString('base64url');
  expect(await problem(send(`/v1/icd10/categories/Z00?cursor=${cursor}`))).toMatchObject({ field: 'cursor' });
});

describe('a batch', () => {
  test.each<[string, unknown, string]>([
    ['no object', '[]', 'body'],
    ['null', 'null', 'body'],
    ['no JSON', '{"codes":', 'body'],
    ['nothing', '', 'body'],
    ['no codes', {}, 'codes'],
    ['codes that are no list', { codes: 'Z00.00' }, 'codes'],
    ['an empty list', { codes: [] }, 'codes'],
    ['201 codes', { codes: Array.from({ length: 201 }, () => ({ type: 'icd10', code: 'Z00' })) }, 'codes'],
    ['a code that is no object', { codes: ['Z00.00'] }, 'codes[0]'],
    ['an unknown system', { codes: [{ type: 'icd9', code: '250' }] }, 'codes[0].type'],
    ['a missing code', { codes: [{ type: 'icd10', code: 'Z00' }, { type: 'icd10' }] }, 'codes[1].code'],
    ['a code that is a number', { codes: [{ type: 'cpt', code: 99213 }] }, 'codes[0].code'],
    ['an unknown member', { codes: [{ type: 'cpt', code: '99213' }], verbose: true }, 'verbose'],
    ['an unknown member of a code', { codes: [{ type: 'cpt', code: '99213', year: 2026 }] }, 'codes[0].year'],
  ])('with %s is 400 naming it', async (_what, body, field) => {
    expect(await problem(batch(body))).toMatchObject({ status: 400, code: 'INVALID_REQUEST', field });
  });

  test('with a day that is none names it', async () => {
    const answer = batch({ on: '2026-02-30', codes: [{ type: 'icd10', code: 'Z00.00' }] });
    expect(await problem(answer)).toMatchObject({ code: 'INVALID_REQUEST', field: 'on' });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', ''])(
    'as %j is refused',
    async (contentType) => {
      const answer = batch({ codes: [{ type: 'cpt', code: '99213' }] }, { 'content-type': contentType });
      expect(await problem(answer)).toMatchObject({ status: 400, field: 'content-type' });
    },
  );

  test('that is not UTF-8 is refused', async () => {
    const body = Buffer.from('{"codes":[{"type":"cpt","code":"\xff"}]}', 'latin1');
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    expect(await problem(send('/v1/codes/batch', init))).toMatchObject({ status: 400, field: 'body' });
  });

  test('over 64 KB is 413', async () => {
    const padded = `{"codes":[{"type":"cpt","code":"99213"}]${' '.repeat(64 * 1024)}}`;
    expect(await problem(batch(padded))).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
  });

  test('over 64 KB is 413 without a Content-Length too, and is not read to its end', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(16 * 1024).fill(0x20));
        if (pulled > 1000) controller.close();
      },
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    expect(await problem(send('/v1/codes/batch', init as RequestInit))).toMatchObject({ status: 413 });
    expect(pulled).toBeLessThan(10);
  });

  test('of exactly 64 KB is read', async () => {
    const head = '{"codes":[{"type":"cpt","code":"99213"}]';
    const body = `${head}${' '.repeat(64 * 1024 - head.length - 1)}}`;
    expect((await batch(body)).status).toBe(200);
  });
});

test.each([
  '/',
  '/v1',
  '/v2/icd10/Z00',
  '/v1/icd9/250',
  '/v1/icd10',
  '/v1/icd10/',
  '/v1/ICD10/Z00',
  '//v1/health',
])('%s is 404, no such route', async (path) => {
  expect(await problem(send(path))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});

test('a trailing slash is 404 with the reason', async () => {
  const document = await problem(send('/v1/icd10/Z00.00/'));
  expect(document).toMatchObject({ status: 404, detail: expect.stringContaining('trailing slash') });
});

test.each([
  ['POST', '/v1/icd10/Z00.00', 'GET, HEAD'],
  ['DELETE', '/v1/icd10/categories/Z00', 'GET, HEAD'],
  ['PUT', '/v1/teams/demo/hot-codes', 'GET, HEAD'],
  ['PATCH', '/v1/crosswalk/Z00.00', 'GET, HEAD'],
  ['OPTIONS', '/v1/crosswalk/Z00.00/99213', 'GET, HEAD'],
  ['GET', '/v1/codes/batch', 'POST'],
  ['POST', '/v1/health', 'GET, HEAD'],
  ['POST', '/openapi.json', 'GET, HEAD'],
])('%s %s is 405 with Allow: %s', async (method, path, allow) => {
  const response = await send(path, { method });
  expect(response.headers.get('allow')).toBe(allow);
  expect(await problem(response)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
});

test('HEAD of a POST route is 405 without a body', async () => {
  const response = await send('/v1/codes/batch', { method: 'HEAD' });
  expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([405, 'POST', '']);
});

describe('when the source is out', () => {
  const failing = (error: Error) =>
    smallService({
      lookups: {
        cache: {
          get: () => Promise.reject(error),
          getMany: () => Promise.reject(error),
          editions: () => ({}),
        },
      },
    });

  test('lookups are 503 and say when to try again', async () => {
    const service = failing(new SourceUnavailable('the catalog cannot be read; try again later.'));
    const response = await service.send('/v1/icd10/Z00.00');
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await problem(response)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  });

  test('an unexpected error shows nothing of itself to the caller, and all of it to the log', async () => {
    const secret = new Error('redis://default:hunter2@host refused');
    const service = failing(secret);
    const document = await problem(service.batch({ codes: [{ type: 'cpt', code: '99213' }] }));
    expect(document).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(JSON.stringify(document)).not.toContain('hunter2');
    expect(service.served).toMatchObject([{ status: 503, error: secret }]);
  });
});
