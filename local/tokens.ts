import { decode, verifyWithJwks } from 'hono/utils/jwt/jwt';
import * as z from 'zod/mini';
import type { Identity } from '../lambda/api/identity';
import type { JwtSettings } from './settings';

/** What API Gateway's JWT authorizer takes. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'] as const;

/** Longest wait for the issuer, milliseconds. */
const ISSUER_TIMEOUT = 3_000;
/** Milliseconds for which keys are kept. */
const KEYS_KEPT = 600_000;
/** Milliseconds between two looks for a key id that is not among the kept ones. */
const UNKNOWN_KEY_PAUSE = 10_000;

const discoverySchema = z.object({ jwks_uri: z.string() });
const keysSchema = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.optional(z.string()) })),
});
type Keys = z.infer<typeof keysSchema>['keys'];

const payloadSchema = z.looseObject({
  exp: z.number(),
  aud: z.optional(z.union([z.string(), z.array(z.string())])),
  /** Access tokens of some issuers name their audience so, and have no `aud`. */
  client_id: z.optional(z.string()),
});

/** Reads JSON of the issuer; undefined where it has none. */
export type ReadJson = (url: string) => Promise<unknown>;

async function readJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ISSUER_TIMEOUT) });
  if (response.ok) return response.json();
  await response.body?.cancel();
  return undefined;
}

/** Finds out who sent a request, as the gateway's JWT authorizer would in Lambda. */
export class TokenCheck {
  #keys: { readonly values: Keys; readonly readAt: number } | undefined;

  constructor(
    private readonly settings: JwtSettings,
    private readonly read: ReadJson = readJson,
    private readonly now: () => number = Date.now,
  ) {}

  /** The identity that the Authorization header proves: none for anything missing, wrong, expired or foreign. */
  async identity(headers: Headers): Promise<Identity> {
    const token = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (token === undefined) return { kind: 'missing' };
    try {
      return await this.#verified(token);
    } catch {
      return { kind: 'missing' };
    }
  }

  async #verified(token: string): Promise<Identity> {
    const { header } = decode(token);
    const payload = z.parse(
      payloadSchema,
      await verifyWithJwks(token, {
        keys: await this.#keysFor(header.kid),
        allowedAlgorithms: ALGORITHMS,
        verification: {
          iss: this.settings.issuer,
          ...(header.typ === undefined ? {} : { typ: ['JWT', 'at+jwt'] }),
        },
      }),
    );
    const audiences = [payload.aud ?? payload.client_id ?? []].flat();
    if (!audiences.some((each) => this.settings.audiences.includes(each))) return { kind: 'missing' };
    const team = payload[this.settings.teamClaim];
    return { kind: 'jwt', team: typeof team === 'string' && team !== '' ? team : undefined };
  }

  /** The issuer's keys; read anew when they are old, or when a key is asked for that came after them. */
  async #keysFor(kid: string | undefined): Promise<Keys> {
    const known = this.#keys;
    const age = known === undefined ? Number.POSITIVE_INFINITY : this.now() - known.readAt;
    const has = known?.values.some((key) => key.kid === kid) === true;
    if (known !== undefined && age < (has ? KEYS_KEPT : UNKNOWN_KEY_PAUSE)) return known.values;
    const issuer = this.settings.issuer.replace(/\/$/, '');
    const discovery = z.safeParse(
      discoverySchema,
      await this.read(`${issuer}/.well-known/openid-configuration`),
    );
    const url = discovery.success ? discovery.data.jwks_uri : `${issuer}/.well-known/jwks.json`;
    const { keys } = z.parse(keysSchema, await this.read(url));
    this.#keys = { values: keys, readAt: this.now() };
    return keys;
  }
}
