import * as z from 'zod/mini';
import type { Identity } from '../../api/identity';
import type { AuthMode } from '../settings';

/** What is used of an HTTP API's event, payload format 2.0. */
const eventSchema = z.object({
  rawPath: z.string(),
  rawQueryString: z._default(z.string(), ''),
  headers: z._default(z.record(z.string(), z.optional(z.string())), {}),
  body: z.nullish(z.string()),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({
    requestId: z.string(),
    stage: z._default(z.string(), '$default'),
    http: z.object({ method: z.string() }),
    authorizer: z.nullish(
      z.object({
        jwt: z.nullish(z.object({ claims: z.nullish(z.record(z.string(), z.unknown())) })),
        iam: z.nullish(z.record(z.string(), z.unknown())),
      }),
    ),
  }),
});
export type GatewayEvent = z.infer<typeof eventSchema>;

/** What API Gateway turns into the response. */
export interface GatewayResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @throws ZodError for anything that is no such event, e.g. a test event from the console */
export function parseEvent(event: unknown): GatewayEvent {
  return z.parse(eventSchema, event);
}

function headersOf({ headers }: GatewayEvent): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    try {
      result.set(name, value);
    } catch {
      // A header that HTTP does not allow, such as one beyond Latin-1, means nothing to any route.
    }
  }
  return result;
}

/**
 * The event as a Request. The gateway may have decoded the path; a URL's setter encodes what must be, and leaves
 * alone what is.
 * @throws TypeError for methods that Request refuses (TRACE, CONNECT)
 */
export function toRequest(event: GatewayEvent): Request {
  const { http, stage } = event.requestContext;
  const url = new URL('https://gateway');
  // A named stage is the path's first segment.
  const prefix = `/${stage}/`;
  url.pathname = event.rawPath.startsWith(prefix) ? event.rawPath.slice(prefix.length - 1) : event.rawPath;
  url.search = event.rawQueryString;
  const bodyless = http.method === 'GET' || http.method === 'HEAD' || typeof event.body !== 'string';
  const encoding = event.isBase64Encoded ? 'base64' : 'utf8';
  return new Request(url, {
    method: http.method,
    headers: headersOf(event),
    ...(bodyless ? {} : { body: Buffer.from(event.body ?? '', encoding) }),
  });
}

/** Who the gateway's authorizer let in. An event without one proves nothing, however it came here. */
export function toIdentity(event: GatewayEvent, mode: AuthMode, teamClaim: string): Identity {
  const { authorizer } = event.requestContext;
  if (mode === 'iam') return authorizer?.iam ? { kind: 'iam' } : { kind: 'missing' };
  const claims = authorizer?.jwt?.claims;
  if (!claims) return { kind: 'missing' };
  const team = Object.hasOwn(claims, teamClaim) ? claims[teamClaim] : undefined;
  return { kind: 'jwt', team: typeof team === 'string' && team !== '' ? team : undefined };
}

export async function toResult(response: Response): Promise<GatewayResult> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}
