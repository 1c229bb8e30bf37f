import type { IncomingHttpHeaders } from 'node:http';

/** A request as it arrived. */
export interface SeenRequest {
  /** Method, key and the operation's query, e.g. `POST a/part?uploads`, `GET ?list-type` or `PUT a/part?partNumber=2`. */
  readonly name: string;
  readonly headers: IncomingHttpHeaders;
}

/** What happens to a request instead of, or on the way to, its answer. A number is the status of a refusal. */
export type Fault =
  | number
  | 'never-answers'
  /** The request is carried out, then the connection ends without a word. */
  | 'lost-answer'
  /** Headers and half of the body; then the connection ends. */
  | 'truncated-body'
  /** Headers and half of the body; then silence. */
  | 'stalled-body'
  /** The whole body, one bit of it flipped. */
  | 'wrong-bytes'
  /** The answer comes so many milliseconds later. */
  | { readonly latency: number };

/** S3's code for a refusal of that status. */
export function codeOf(status: number): string {
  const codes: Readonly<Record<number, string>> = {
    403: 'AccessDenied',
    500: 'InternalError',
    503: 'SlowDown',
  };
  return codes[status] ?? 'Fault';
}
