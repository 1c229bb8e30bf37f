import { equal, ok, partialDeepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Call } from '../api';
import type { Step } from '../step';
import { deployedApi, type World } from '../world';
import { SAMPLE_RELEASE } from './publish-sample';

interface Expectation {
  readonly path: string;
  readonly call?: Call;
  readonly status: number;
  readonly body: object;
}

/** Every route, and what the gateway and the function make of what is none. */
const EXPECTATIONS: readonly Expectation[] = [
  { path: '/v1/icd10/z0000', status: 200, body: { type: 'icd10', code: 'Z00.00', billable: true } },
  { path: '/v1/cpt/99213', status: 200, body: { type: 'cpt', code: '99213' } },
  { path: '/v1/hcpcs/G0438', status: 200, body: { type: 'hcpcs', code: 'G0438' } },
  {
    path: '/v1/icd10/categories/Z00?limit=2',
    status: 200,
    body: { category: 'Z00', total: 19, codes: [{ code: 'Z00', billable: false }, { code: 'Z00.0' }] },
  },
  { path: '/v1/teams/demo/hot-codes?limit=1', status: 200, body: { teamId: 'demo', codes: [{ rank: 1 }] } },
  { path: '/v1/crosswalk/Z00.00', status: 200, body: { icd10: 'Z00.00' } },
  { path: '/v1/crosswalk/Z00.00/99385', status: 200, body: { related: true, relationship: 'covered' } },
  {
    path: '/v1/codes/batch',
    call: {
      method: 'POST',
      body: {
        codes: [
          { type: 'icd10', code: 'Z0000' },
          { type: 'cpt', code: '00000' },
        ],
      },
    },
    status: 200,
    body: {
      results: [
        { code: 'Z00.00', found: true },
        { code: '00000', found: false },
      ],
    },
  },
  { path: '/v1/health', status: 200, body: { status: 'ok' } },
  { path: '/openapi.json', status: 200, body: { openapi: '3.1.0' } },
  { path: '/v1/icd10/Z99.99', status: 404, body: { code: 'UNKNOWN_CODE' } },
  { path: '/v1/icd10/nonsense', status: 400, body: { code: 'INVALID_CODE' } },
  { path: '/v1/nothing/here/at/all', status: 404, body: { code: 'NOT_FOUND' } },
  { path: '/v1/codes/batch', status: 405, body: { code: 'METHOD_NOT_ALLOWED' } },
];

export const routes: Step = {
  title: 'every route answers through the deployed API',
  async run(world) {
    const api = deployedApi(world);
    const token = world.issuer.token({ teamId: 'demo' });
    await putHotCodes(world);
    for (const { path, call, status, body } of EXPECTATIONS) {
      const answer = await api.call(path, { ...call, token });
      equal(answer.status, status, `${path}: ${answer.text}`);
      partialDeepStrictEqual(answer.json, body);
      ok(answer.headers['x-request-id'], path);
      if (path.includes('/openapi') || path.includes('/health') || status !== 200) continue;
      equal(answer.headers['x-catalog-release'], SAMPLE_RELEASE, path);
    }
    const outcomes = [];
    for (let call = 0; call < 2; call += 1) {
      const answer = await api.call('/v1/icd10/E11.9', { token });
      outcomes.push(String(answer.headers['x-cache']));
      if (call === 1) continue;
      const again = await api.call('/v1/icd10/E11.9', {
        token,
        headers: { 'if-none-match': String(answer.headers.etag) },
      });
      equal(again.status, 304);
    }
    equal(outcomes[0], 'miss');
    ok(outcomes[1] === 'memory' || outcomes[1] === 'redis', outcomes[1]);
    return `${EXPECTATIONS.length} requests; a code read twice: ${outcomes.join(', then ')}`;
  },
};

/** What the roll-up of uses writes after a while. */
async function putHotCodes({ root, outputs }: World): Promise<void> {
  const body = readFileSync(join(root, 'data/sample/teams/demo/hot-codes.json'));
  const where = { Bucket: outputs.dev?.BucketName, Key: 'teams/demo/hot-codes.json' };
  await new S3Client({}).send(new PutObjectCommand({ ...where, Body: body }));
}
