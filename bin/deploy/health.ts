import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import * as z from 'zod/mini';
import { systemClock } from '../../lambda/names/clock';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One GET; rejects when there is no answer. */
export type Get = (url: string) => Promise<Answer>;

export type Health =
  { readonly kind: 'ok' | 'degraded' } | { readonly kind: 'failing'; readonly detail: string };

/** A first call starts the function, and a new API takes a moment until every edge knows it. */
const ATTEMPTS = 6;
const PAUSE_MS = 5_000;
const TIMEOUT_MS = 15_000;

const bodySchema = z.object({ status: z.enum(['ok', 'degraded']) });

/** Asks the deployed API how it is, several times while it does not answer. */
export async function checkHealth(apiUrl: string, get: Get, pause = PAUSE_MS): Promise<Health> {
  let health: Health = { kind: 'failing', detail: 'was never asked' };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await systemClock.sleep(pause);
    health = await ask(apiUrl, get);
    if (health.kind !== 'failing') break;
  }
  return health;
}

async function ask(apiUrl: string, get: Get): Promise<Health> {
  try {
    const { status, body } = await get(`${apiUrl.replace(/\/$/, '')}/v1/health`);
    if (status !== 200) return { kind: 'failing', detail: `answered ${status}` };
    const parsed = bodySchema.safeParse(JSON.parse(body));
    return parsed.success
      ? { kind: parsed.data.status }
      : { kind: 'failing', detail: 'answered something else' };
  } catch (error) {
    return { kind: 'failing', detail: error instanceof Error ? error.message : 'did not answer' };
  }
}

/**
 * GET over the network. With `endpointUrl` (AWS_ENDPOINT_URL, as for every AWS tool) the request goes there and
 * names the API in its Host header, as requests to a private endpoint of API Gateway do.
 */
export function getOver(endpointUrl: string | undefined): Get {
  return (url) =>
    new Promise((resolve, reject) => {
      const asked = new URL(url);
      const target =
        endpointUrl === undefined ? asked : new URL(`${asked.pathname}${asked.search}`, endpointUrl);
      const request = target.protocol === 'http:' ? requestHttp : requestHttps;
      request(
        target,
        { headers: { host: asked.host }, signal: AbortSignal.timeout(TIMEOUT_MS) },
        (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (body += chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
          response.on('error', reject);
        },
      )
        .on('error', reject)
        .end();
    });
}
