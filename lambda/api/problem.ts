import * as z from 'zod/mini';
import { AppError, type ErrorCode } from '../names/errors';

/** Status and title of every error code the API answers. */
export const PROBLEMS = {
  INVALID_CODE: { status: 400, title: 'Invalid code' },
  INVALID_REQUEST: { status: 400, title: 'Invalid request' },
  UNAUTHORIZED: { status: 401, title: 'Not authenticated' },
  FORBIDDEN_TEAM: { status: 403, title: 'Not your team' },
  UNKNOWN_CODE: { status: 404, title: 'Unknown code' },
  NO_EDITION: { status: 404, title: 'No edition of that date' },
  NOT_FOUND: { status: 404, title: 'No such route' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'Body too large' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests' },
  UNAVAILABLE: { status: 503, title: 'Temporarily unavailable' },
} as const satisfies Record<ErrorCode, { status: number; title: string }>;

/** Seconds after which a caller may try again; the breaker and the store have recovered by then, or not soon. */
export const RETRY_AFTER_SECONDS = 5;

/** RFC 9457 problem details, with `code` for programs to switch on. */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(PROBLEMS)),
  field: z.optional(z.string()),
  expected: z.optional(z.string()),
  suggestion: z.optional(z.string()),
  codeType: z.optional(z.string()),
  value: z.optional(z.string()),
  firstDay: z.optional(z.string()),
  allow: z.optional(z.array(z.string())),
});

const UNEXPECTED = new AppError(
  'UNAVAILABLE',
  'The service could not answer this request; try again, and report the request id if it goes on.',
);

/** What a caller may know of an error: expected ones as they are, anything else without its inner life. */
export function answerable(error: unknown): AppError {
  return error instanceof AppError ? error : UNEXPECTED;
}

/** The error as a response. Members of its details come along; the standard ones win. */
export function problemResponse(error: AppError): Response {
  const { status, title } = PROBLEMS[error.code];
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  });
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  if (status === 503) headers.set('retry-after', String(RETRY_AFTER_SECONDS));
  if (Array.isArray(error.details.allow)) headers.set('allow', error.details.allow.join(', '));
  const standard = {
    type: `urn:medical-codes:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    detail: error.message,
    code: error.code,
  };
  // Standard members come first for the reader, and again so that no detail replaces one.
  const body = { ...standard, ...error.details, ...standard };
  return new Response(JSON.stringify(body), { status, headers });
}
