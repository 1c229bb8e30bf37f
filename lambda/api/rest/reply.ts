import type { Answer } from '../../cache/entry';
import { UNKNOWN_RELEASE } from '../../cache/generation';
import type { DatedAnswer } from '../../lookup/asked-day';
import { NoEdition } from '../../lookup/no-edition';
import { NotInRelease } from '../../lookup/not-in-release';
import { entityTag, matches } from '../etag';
import { answerable, problemResponse } from '../problem';

/** What a route answers: an answer of the lookups, or a value that no lookup was needed for. */
export type Reply = Pick<Answer<unknown>, 'value'> & Partial<DatedAnswer<unknown>>;

/** Seconds for which a private cache may reuse an answer: far shorter than releases live. */
export const MAX_AGE = 300;

/** How long an answer may be reused: never by a shared cache, and what is said of today not past its midnight. */
function cacheControl(goodFor = MAX_AGE): string {
  return `private, max-age=${Math.min(MAX_AGE, goodFor)}`;
}

/** Where the value of a reply came from, as headers. */
function originHeaders({ outcome, release, edition }: Partial<DatedAnswer<unknown>>): Record<string, string> {
  return {
    ...(outcome === undefined ? {} : { 'x-cache': outcome }),
    ...(release === undefined || release === UNKNOWN_RELEASE ? {} : { 'x-catalog-release': release }),
    ...(edition === undefined ? {} : { 'x-catalog-edition': edition }),
  };
}

/** A reply as a response: 200, or 304 where the caller has it already (GET and HEAD only). */
export function respond(request: Request, reply: Reply, cacheable: boolean): Response {
  const text = JSON.stringify(reply.value);
  const headers: Record<string, string> = {
    'cache-control': cacheable ? cacheControl(reply.goodFor) : 'no-store',
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
  if (error instanceof NotInRelease || error instanceof NoEdition) {
    for (const [name, value] of Object.entries(originHeaders(error.answer)))
      response.headers.set(name, value);
  }
  return response;
}
