import { equal, notEqual } from 'node:assert/strict';
import type { Step } from '../step';
import { deployedApi } from '../world';

const HOUR = 3_600;

export const callers: Step = {
  title: 'a token of another team gets 403; none, an expired or a foreign one 401',
  async run(world) {
    const api = deployedApi(world);
    const { issuer } = world;
    const now = Math.floor(Date.now() / 1000);
    const good = issuer.token({ teamId: 'demo' });
    const hotCodes = '/v1/teams/demo/hot-codes';
    const code = '/v1/icd10/Z00.00';
    const cases: readonly (readonly [
      what: string,
      path: string,
      token: string | undefined,
      status: number,
    ])[] = [
      ['own team', hotCodes, good, 200],
      ['another team', hotCodes, issuer.token({ teamId: 'other' }), 403],
      ['no team', hotCodes, issuer.token({}), 403],
      ['no team, a plain lookup', code, issuer.token({}), 200],
      ['no token', code, undefined, 401],
      ['no token, the description', '/openapi.json', undefined, 401],
      ['expired', code, issuer.token({ teamId: 'demo', exp: now - HOUR }), 401],
      ['signed by a foreign key', code, issuer.foreignToken({ teamId: 'demo' }), 401],
      ['of another issuer', code, issuer.token({ teamId: 'demo', iss: 'https://other.example' }), 401],
      ['for another audience', code, issuer.token({ teamId: 'demo', aud: 'other' }), 401],
      ['tampered with', code, tampered(good), 401],
      ['no token, health', '/v1/health', undefined, 200],
    ];
    for (const [what, path, token, status] of cases) {
      const answer = await api.call(path, token === undefined ? {} : { token });
      equal(answer.status, status, `${what}: ${answer.text}`);
    }
    return `${cases.length} callers`;
  },
};

function tampered(token: string): string {
  const [header, claims = '', signature] = token.split('.');
  const text = Buffer.from(claims, 'base64url').toString().replace('demo', 'evil');
  const changed = Buffer.from(text).toString('base64url');
  notEqual(changed, claims);
  return [header, changed, signature].join('.');
}
