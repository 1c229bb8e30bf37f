import * as z from 'zod/mini';
import { InvalidRequest } from '../../names/errors';

/** `['codes', 3, 'code']` as people write it: `codes[3].code`. */
function spelt(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

/** The first finding as an error that names the member. */
function invalid(issue: z.core.$ZodIssue | undefined, whole: string): InvalidRequest {
  const member = spelt(issue?.path ?? []);
  if (issue?.code === 'unrecognized_keys') {
    const key = spelt([...issue.path, issue.keys[0] ?? '']);
    return new InvalidRequest(key, `${key} is not a member of this request.`);
  }
  const field = member === '' ? whole : member;
  return new InvalidRequest(field, `${field} ${issue?.message ?? 'is out of shape'}.`);
}

/** @throws InvalidRequest naming the first member out of shape */
export function parseBody<S extends z.core.$ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = z.safeParse(schema, body);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues[0], 'body');
}

/**
 * A route's query. Parameters it does not know, and repeated ones, are refused rather than ignored: a
 * misspelt filter would otherwise look like an unfiltered answer.
 * @throws InvalidRequest naming the parameter
 */
export function parseQuery<S extends z.ZodMiniObject>(schema: S, query: URLSearchParams): z.output<S> {
  const known = Object.keys(schema.shape);
  const values: Record<string, string> = {};
  for (const [name, value] of query) {
    const field = name.slice(0, 64);
    if (!known.includes(name)) {
      const takes = known.length === 0 ? 'no query' : known.join(', ');
      throw new InvalidRequest(field, `${JSON.stringify(field)} is unknown here; this route takes ${takes}.`);
    }
    if (Object.hasOwn(values, name)) throw new InvalidRequest(field, `${field} is given more than once.`);
    values[name] = value;
  }
  const parsed = z.safeParse(schema, values);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues[0], 'query');
}
