import { type Context, Hono } from 'hono';
import { CODE_TYPES } from '../names/code-types';
import { AppError, InvalidRequest } from '../names/errors';
import { readJson } from './body';
import type { ApiHost, RequestContext } from './host';
import { NoEdition } from '../lookup/no-edition';
import { NotInRelease } from '../lookup/not-in-release';
import { type Reply, respond, respondToError } from './rest/reply';
import { type Route, type RouteRequest, ROUTES } from './rest/routes';

type AppContext = Context<{ Bindings: RequestContext }>;

/** Longest path worth routing. The longest real one has some 160 characters. */
const MAX_PATH = 512;

/** `/v1/{type}/{code}` as Hono spells it. */
function routerPattern(path: string): string {
  return path.replace('{type}', `:type{${CODE_TYPES.join('|')}}`).replace(/\{(\w+)\}/g, ':$1');
}

/** @throws InvalidRequest naming `path` when it is overlong, badly encoded or holds control characters */
function checkPath(pathname: string): void {
  if (pathname.length > MAX_PATH) {
    throw new InvalidRequest('path', `path is longer than ${MAX_PATH} characters.`);
  }
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    throw new InvalidRequest('path', 'path is not percent-encoded UTF-8.');
  }
  if (/\p{Cc}/u.test(decoded)) throw new InvalidRequest('path', 'path holds a control character.');
}

function routeRequest(context: AppContext, query: URLSearchParams): RouteRequest {
  return {
    param: (name) => context.req.param(name) ?? '',
    query,
    headers: context.req.raw.headers,
    identity: context.env.identity,
    json: () => readJson(context.req.raw),
  };
}

/** Runs one route and turns whatever comes of it into a response, and into one entry for logs and metrics. */
async function serve(
  host: ApiHost,
  context: AppContext,
  route: string,
  handle: (request: RouteRequest) => Promise<Reply> | Reply,
  cacheable = true,
): Promise<Response> {
  const started = performance.now();
  const { requestId } = context.env;
  let error: unknown;
  let origin: Partial<Reply> | undefined;
  let response: Response;
  try {
    const url = new URL(context.req.url);
    checkPath(url.pathname);
    const reply = await handle(routeRequest(context, url.searchParams));
    origin = reply;
    response = respond(context.req.raw, reply, cacheable);
  } catch (thrown) {
    error = thrown;
    origin = thrown instanceof NotInRelease || thrown instanceof NoEdition ? thrown.answer : undefined;
    response = respondToError(thrown);
  }
  response.headers.set('x-request-id', requestId);
  const { status } = response;
  host.served({
    requestId,
    route,
    method: context.req.raw.method,
    status,
    outcome: origin?.outcome,
    release: origin?.release,
    latencyMs: performance.now() - started,
    error: status >= 500 ? error : undefined,
  });
  return response;
}

function methodNotAllowed(routes: readonly Route[]): never {
  const allow = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  throw new AppError('METHOD_NOT_ALLOWED', `This route takes ${allow.join(' and ')}.`, { allow });
}

function notFound(context: AppContext): never {
  const { pathname } = new URL(context.req.url);
  const hint =
    pathname.length > 1 && pathname.endsWith('/')
      ? ' Paths have no trailing slash.'
      : ' GET /openapi.json lists the routes.';
  throw new AppError('NOT_FOUND', `There is no route ${JSON.stringify(pathname)}.${hint}`);
}

/**
 * The HTTP API as a function from Request to Response. It knows neither Lambda nor Node's HTTP server: they
 * call `fetch(request, { requestId, identity })`.
 */
export function createApp(host: ApiHost): Hono<{ Bindings: RequestContext }> {
  const app = new Hono<{ Bindings: RequestContext }>();
  const paths = new Map<string, Route[]>();
  for (const route of ROUTES) {
    paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
    app.on(route.method, routerPattern(route.path), (context) =>
      serve(host, context, route.path, (request) => route.handle(request, host), route.cacheable),
    );
  }
  for (const [path, routes] of paths) {
    app.all(routerPattern(path), (context) => serve(host, context, path, () => methodNotAllowed(routes)));
  }
  app.notFound((context) => serve(host, context, 'none', () => notFound(context)));
  return app;
}
