import { SourceUnavailable } from '../names/errors';
import { errorCode } from './system-error';

/** What to do about the failures that operators meet. */
const REMEDIES: Readonly<Record<string, string>> = {
  NoSuchBucket: 'the bucket does not exist; check its name, or deploy the environment first',
  NoSuchKey: 'there is no such object',
  InvalidObjectState: 'the object is archived; bring it back first, see docs/runbook.md',
  AccessDenied: 'access denied; the caller needs to get, put, delete and list objects of the bucket',
  CredentialsProviderError: 'no AWS credentials; configure them, or set AWS_PROFILE',
  ExpiredToken: 'the AWS session has expired; sign in again',
  TimeoutError: 'no answer in time',
};

/** What the SDK calls an error, e.g. `NoSuchKey`. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

/** An error of S3 or of the way to it, as the rest of the app knows it. */
export function unavailable(url: string, key: string, error: unknown): SourceUnavailable {
  const name = nameOf(error);
  const reason = REMEDIES[name] ?? (name === 'Error' ? (errorCode(error) ?? 'no connection') : name);
  return new SourceUnavailable(`${url}: ${key}: ${reason}.`, { cause: error });
}

/** How often a request was sent before it ended in this error. */
export function attemptsOf(error: unknown): number {
  return figureOf(error, 'attempts') ?? 1;
}

/** Whether the same request may succeed later: S3 itself failed, or no answer came. */
export function isPassing(error: unknown): boolean {
  if (nameOf(error) === 'CredentialsProviderError') return false;
  const status = figureOf(error, 'httpStatusCode');
  return status === undefined || status >= 500;
}

function figureOf(error: unknown, name: 'attempts' | 'httpStatusCode'): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const figure: unknown = Reflect.get(metadata, name);
  return typeof figure === 'number' ? figure : undefined;
}
