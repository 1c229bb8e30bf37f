import type { Outcome } from '../../names/outcomes';
import type { Found } from '../../lookup/answers';
import { NotInRelease } from '../../lookup/not-in-release';
import { entityTag, matches } from '../etag';
import { answerable, problemResponse } from '../problem';

/** A route's answer before it becomes a response. */
export interface Reply {
  readonly body: unknown;
  /** Where the values came from, for routes that look something up. */
  readonly read?: Pick<Found<unknown>, 'outcome' | 'release'>;
  /** False for what must be asked anew each time. */
  readonly cacheable: boolean;
}

/** A private cache may reuse an answer this long; far shorter than releases live, and never shared. */
export const CACHE_CONTROL = 'private, max-age=300';

/** What a read names as its release while neither Redis nor the store tells. */
const UNKNOWN_RELEASE = 'unknown';

/** What the log says of a response besides its status. */
export interface Shaped {
  readonly response: Response;
  readonly outcome?: Outcome;
  readonly release?: string;
}

function readHeaders(headers: Headers, read: Reply['read']): void {
  if (read === undefined) return;
  headers.set('x-cache', read.outcome);
  if (read.release !== UNKNOWN_RELEASE) headers.set('x-catalog-release', read.release);
}

/** A reply as a response: 200, or 304 where the caller has it already (GET and HEAD only). */
export function shape(request: Request, reply: Reply): Shaped {
  const text = JSON.stringify(reply.body);
  const headers = new Headers({ 'cache-control': reply.cacheable ? CACHE_CONTROL : 'no-store' });
  readHeaders(headers, reply.read);
  const seen = { outcome: reply.read?.outcome, release: reply.read?.release };
  if (reply.cacheable) {
    const etag = entityTag(text);
    headers.set('etag', etag);
    const known = request.method === 'POST' ? null : request.headers.get('if-none-match');
    if (known !== null && matches(known, etag)) {
      return { response: new Response(null, { status: 304, headers }), ...seen };
    }
  }
  headers.set('content-type', 'application/json');
  return { response: new Response(text, { headers }), ...seen };
}

/** Whatever was thrown as a problem response; an unknown code still tells how that was found out. */
export function shapeError(error: unknown): Shaped {
  const response = problemResponse(answerable(error));
  if (!(error instanceof NotInRelease)) return { response };
  readHeaders(response.headers, error.answer);
  return { response, outcome: error.answer.outcome, release: error.answer.release };
}
