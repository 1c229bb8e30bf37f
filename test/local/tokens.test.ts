import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { sign } from 'hono/utils/jwt/jwt';
import { TokenCheck } from '../../local/tokens';

interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

function newKey(kid: string): SigningKey {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}

const good = newKey('good');
const later = newKey('later');
const foreign = { ...newKey('good'), kid: 'good' };

let issuer: string;
let server: Server;
let published: SigningKey[] = [good];
let requests: string[] = [];
let discovery = true;
let answers = true;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (!answers) {
      response.writeHead(500).end();
    } else if (request.url === '/.well-known/openid-configuration' && discovery) {
      response.end(JSON.stringify({ jwks_uri: `${issuer}/keys` }));
    } else if (request.url === (discovery ? '/keys' : '/.well-known/jwks.json')) {
      const keys = published.map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid,
        alg: 'RS256',
      }));
      response.end(JSON.stringify({ keys }));
    } else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  published = [good];
  requests = [];
  discovery = true;
  answers = true;
});

const seconds = (offset: number): number => Math.floor(Date.now() / 1000) + offset;

async function token(claims: object = {}, key: SigningKey = good): Promise<string> {
  const payload = { iss: issuer, aud: 'medical-codes', teamId: 'demo', exp: seconds(300), ...claims };
  return sign(payload, { ...key.privateKey.export({ format: 'jwk' }), alg: 'RS256', kid: key.kid }, 'RS256');
}

function check(now?: () => number): TokenCheck {
  const settings = { issuer, audiences: ['medical-codes', 'second'], teamClaim: 'teamId' };
  return new TokenCheck(settings, undefined, now);
}

async function identify(bearer: string, tokens = check()) {
  return tokens.identity(new Headers({ authorization: `Bearer ${bearer}` }));
}

test('a good token proves its team', async () => {
  expect(await identify(await token())).toEqual({ kind: 'jwt', team: 'demo' });
  expect(await identify(await token({ aud: ['other', 'second'] }))).toEqual({ kind: 'jwt', team: 'demo' });
  expect(await identify(await token({ aud: undefined, client_id: 'medical-codes' }))).toEqual({
    kind: 'jwt',
    team: 'demo',
  });
});

test.each([
  ['no team', { teamId: undefined }],
  ['an empty team', { teamId: '' }],
  ['a team that is no text', { teamId: 7 }],
])('a good token with %s proves none', async (_what, claims) => {
  expect(await identify(await token(claims))).toEqual({ kind: 'jwt', team: undefined });
});

test.each<[string, () => Promise<string>]>([
  ['expired', () => token({ exp: seconds(-10) })],
  ['without expiry', () => token({ exp: undefined })],
  ['not yet valid', () => token({ nbf: seconds(300) })],
  ['of another issuer', () => token({ iss: 'https://elsewhere.example' })],
  ['for another audience', () => token({ aud: 'another-api' })],
  ['without audience', () => token({ aud: undefined })],
  ['signed with a key that is not the issuer’s', () => token({}, foreign)],
  ['signed with a key nobody knows', () => token({}, later)],
  [
    'with a changed payload',
    async () => {
      const [head, , signature] = (await token()).split('.');
      const payload = Buffer.from(
        JSON.stringify({ iss: issuer, aud: 'medical-codes', teamId: 'other', exp: seconds(300) }),
      );
      return `${head}.${payload.toString('base64url')}.${signature}`;
    },
  ],
  [
    'without signature',
    async () => {
      const [, payload] = (await token()).split('.');
      return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    },
  ],
  [
    'signed with the public key as a shared secret',
    () =>
      sign(
        { iss: issuer, aud: 'medical-codes', exp: seconds(300) },
        good.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        'HS256',
      ),
  ],
  ['that is no token', () => Promise.resolve('nonsense')],
])('a token %s proves nothing', async (_what, made) => {
  expect(await identify(await made())).toEqual({ kind: 'missing' });
});

test('no header, or another scheme, proves nothing and asks nobody', async () => {
  const tokens = check();
  expect(await tokens.identity(new Headers())).toEqual({ kind: 'missing' });
  expect(await tokens.identity(new Headers({ authorization: 'Basic ZGVtbzpkZW1v' }))).toEqual({
    kind: 'missing',
  });
  expect(requests).toEqual([]);
});

test('the issuer’s keys are read once', async () => {
  const tokens = check();
  await identify(await token(), tokens);
  await identify(await token(), tokens);
  expect(requests).toEqual(['/.well-known/openid-configuration', '/keys']);
});

test('a key that came later is found, but not asked for again and again', async () => {
  let now = Date.now();
  const tokens = check(() => now);
  await identify(await token(), tokens);
  expect(await identify(await token({}, later), tokens)).toEqual({ kind: 'missing' });
  expect(requests).toHaveLength(2);
  published = [good, later];
  now += 11_000;
  expect(await identify(await token({}, later), tokens)).toMatchObject({ kind: 'jwt' });
});

test('an issuer without discovery is asked for its keys where they usually are', async () => {
  discovery = false;
  expect(await identify(await token())).toMatchObject({ kind: 'jwt' });
});

test('while the issuer is out nobody gets in', async () => {
  answers = false;
  expect(await identify(await token())).toEqual({ kind: 'missing' });
});
