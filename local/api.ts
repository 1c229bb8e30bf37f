import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { createApp } from '../lambda/api/app';
import type { ApiHost, RequestContext } from '../lambda/api/host';
import type { Identity } from '../lambda/api/identity';
import { buildExplorer, type Explorer } from './explorer';

/** Ids that a proxy in front may have given a request. */
const REQUEST_ID = /^[\w.:=-]{1,128}$/;

function requestId(headers: Headers): string {
  const given = headers.get('x-request-id') ?? '';
  return REQUEST_ID.test(given) ? given : randomUUID();
}

/**
 * The API as the local server serves it: the same app as in Lambda, and the explorer at `/`.
 * @param identify what the gateway's authorizer does in Lambda
 */
export function localApi(
  host: ApiHost,
  identify: (headers: Headers) => Promise<Identity> | Identity,
): (request: Request) => Promise<Response> {
  const api = createApp(host);
  const pages = new Hono();
  let explorer: Promise<Explorer> | undefined;
  pages.get('/', async (context) => {
    explorer ??= buildExplorer();
    const { html, contentSecurityPolicy } = await explorer;
    return context.html(html, 200, {
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-store',
    });
  });
  pages.all('*', async (context) => {
    const { headers } = context.req.raw;
    const known: RequestContext = { requestId: requestId(headers), identity: await identify(headers) };
    return api.fetch(context.req.raw, known);
  });
  return async (request) => pages.fetch(request);
}
