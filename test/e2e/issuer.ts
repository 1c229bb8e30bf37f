import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

export const AUDIENCE = 'medical-codes-e2e';
const KEY_ID = 'e2e';

/** An identity provider on loopback: its discovery document, its key set, and tokens signed by it. */
export interface Issuer {
  readonly url: string;
  /** A token of this issuer; `claims` override what a good one holds. */
  token(claims: Readonly<Record<string, unknown>>): string;
  /** The same, signed by a key that the issuer does not publish. */
  foreignToken(claims: Readonly<Record<string, unknown>>): string;
  stop(): Promise<void>;
}

function signed(claims: Readonly<Record<string, unknown>>, key: KeyObject): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${part(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
}

export async function startIssuer(): Promise<Issuer> {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let url = '';
  const server = createServer((request, response) => {
    const documents: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/keys': {
        keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' }],
      },
    };
    const document = documents[request.url ?? ''];
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the issuer has no port');
  url = `http://127.0.0.1:${address.port}`;
  const good = (claims: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const now = Math.floor(Date.now() / 1000);
    return { iss: url, aud: AUDIENCE, sub: 'e2e', iat: now - 10, exp: now + 600, ...claims };
  };
  return {
    url,
    token: (claims) => signed(good(claims), own.privateKey),
    foreignToken: (claims) => signed(good(claims), foreign.privateKey),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
