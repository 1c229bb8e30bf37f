import type { Answer } from '../../cache/entry';
import { UNKNOWN_RELEASE } from '../../cache/generation';
import { NotInRelease } from '../../lookup/not-in-release';
import { entityTag, matches } from '../etag';
import { answerable, problemResponse } from '../problem';

/** What a route answers: an answer of the lookups, or a value that no lookup was needed for. */
export type Reply = Pick<Answer<unknown>, 'value'> & Partial<Answer<unknown>>;

/** A private cache may reuse an answer this long; far shorter than releases live, and never shared. */
export const CACHE_CONTROL = 'private, max-age=300';

/** Where the value of a reply came from, as headers. */
function originHeaders({ outcome, release }: Partial<Answer<unknown>>): Record<string, string> {
  return {
    ...(outcome === undefined ? {} : { 'x-cache': outcome }),
    ...(release === undefined || release === UNKNOWN_RELEASE ? {} : { 'x-catalog-release': release }),
  };
}

/** A reply as a response: 200, or 304 where the caller has it already (GET and HEAD only). */
export function respond(request: Request, reply: Reply, cacheable: boolean): Response {
  const text = JSON.stringify(reply.value);
  const headers: Record<string, string> = {
    'cache-control': cacheable ? CACHE_CONTROL : 'no-store',
    ...originHeaders(reply),
  };
  if (cacheable) {
    const etag = entityTag(text);
    headers.etag = etag;
    const known = request.method === 'POST' ? null : request.headers.get('if-none-match');
    if (known !== null && matches(known, etag)) return new Response(null, { status: 304, headers });
  }
  headers['content-type'] = 'application/json';
  return new Response(text, { headers });
}

/** Whatever was thrown as a problem response; an unknown code still tells how that was found out. */
export function respondToError(error: unknown): Response {
  const response = problemResponse(answerable(error));
  if (error instanceof NotInRelease) {
    for (const [name, value] of Object.entries(originHeaders(error.answer)))
      response.headers.set(name, value);
  }
  return response;
}
