import * as z from 'zod/mini';
import { RotationFailed } from './strategy';

export const REDIS_CLOUD_API_URL = 'https://api.redislabs.com/v1';

/** Keys of a Redis Cloud account, as stored in their own secret. */
const apiKeysSchema = z.object({
  accessKey: z.string().check(z.minLength(1)),
  secretKey: z.string().check(z.minLength(1)),
});
export type ApiKeys = z.infer<typeof apiKeysSchema>;

/** @throws RotationFailed unless the secret's value is `{"accessKey", "secretKey"}`; nothing of it is repeated */
export function apiKeysOf(secretValue: string | undefined): ApiKeys {
  try {
    return z.parse(apiKeysSchema, JSON.parse(secretValue ?? ''));
  } catch {
    throw new RotationFailed(
      'The secret with the Redis Cloud API keys must hold {"accessKey": "…", "secretKey": "…"}.',
    );
  }
}

export interface RedisCloudHost {
  readonly baseUrl: string;
  /** Reads the account's keys when they are first needed. */
  apiKeys(): Promise<ApiKeys>;
  sleep(milliseconds: number): Promise<void>;
}

/** Milliseconds one request may take. */
const REQUEST_TIMEOUT_MS = 10_000;
const REQUEST_ATTEMPTS = 5;
const FIRST_BACKOFF_MS = 1_000;
/** The longest pause a `retry-after` may ask for, so that the function ends in its own time. */
const MAX_BACKOFF_MS = 15_000;
/** The API takes 400 requests a minute from an account; a poll every 2 s leaves it nearly all of them. */
const POLL_MS = 2_000;
const POLLS = 45;

const taskSchema = z.object({
  taskId: z.string(),
  status: z.string(),
  response: z.nullish(
    z.object({
      error: z.nullish(
        z.union([
          z.string(),
          z.object({
            type: z.nullish(z.string()),
            status: z.nullish(z.string()),
            description: z.nullish(z.string()),
          }),
        ]),
      ),
    }),
  ),
});
type Task = z.infer<typeof taskSchema>;

/** Statuses on which trying again may help: somebody else's change in progress, the rate limit, the server's own trouble. */
const isPassing = (status: number): boolean => status === 409 || status === 429 || status >= 500;

function backoff(attempt: number, retryAfter: string | null): number {
  const asked = Number(retryAfter ?? Number.NaN) * 1_000;
  return Math.min(MAX_BACKOFF_MS, asked > 0 ? asked : FIRST_BACKOFF_MS * 2 ** (attempt - 1));
}

/** The part of the Redis Cloud REST API that a rotation uses. */
export class RedisCloudApi {
  #keys: Promise<ApiKeys> | undefined;

  constructor(private readonly host: RedisCloudHost) {}

  /**
   * Gives an ACL user its one password and waits until every database knows it, up to 90 s.
   * Doing it again with the same password changes nothing.
   * @throws RotationFailed with the API's status and reason, never with the password or a key
   */
  async setUserPassword(userId: string, password: string): Promise<void> {
    const task = await this.#request('PUT', `/acl/users/${encodeURIComponent(userId)}`, { password });
    if (task === undefined) throw new RotationFailed(`Redis Cloud has no ACL user with id ${userId}.`);
    await this.#finished(task);
  }

  async #finished(started: Task): Promise<void> {
    let task = started;
    for (let poll = 0; poll < POLLS; poll += 1) {
      if (task.status === 'processing-completed') return;
      if (task.status === 'processing-error') throw new RotationFailed(`Redis Cloud: ${reasonOf(task)}`);
      await this.host.sleep(POLL_MS);
      // A task may be unknown for a moment after it was announced.
      task = (await this.#request('GET', `/tasks/${encodeURIComponent(started.taskId)}`)) ?? task;
    }
    throw new RotationFailed(
      'Redis Cloud did not finish the change within 90 s; the rotation may be repeated.',
    );
  }

  /** undefined for 404. */
  async #request(method: 'GET' | 'PUT', path: string, body?: object): Promise<Task | undefined> {
    this.#keys ??= this.host.apiKeys();
    const keys = await this.#keys;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#send(method, path, keys, body);
      const last = attempt === REQUEST_ATTEMPTS;
      if (answer === undefined) {
        if (last) throw new RotationFailed(`Redis Cloud's API cannot be reached (${method} ${path}).`);
        await this.host.sleep(backoff(attempt, null));
        continue;
      }
      if (answer.ok) return parseTask(await answer.text().catch(() => ''));
      if (answer.status === 404) return undefined;
      if (last || !isPassing(answer.status)) throw refusal(answer.status);
      await this.host.sleep(backoff(attempt, answer.headers.get('retry-after')));
    }
  }

  /** undefined when no answer came in time. */
  async #send(method: string, path: string, keys: ApiKeys, body?: object): Promise<Response | undefined> {
    try {
      return await fetch(`${this.host.baseUrl}${path}`, {
        method,
        headers: {
          'x-api-key': keys.accessKey,
          'x-api-secret-key': keys.secretKey,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
    } catch {
      // What fetch throws may quote the request.
      return undefined;
    }
  }
}

function parseTask(text: string): Task {
  try {
    return z.parse(taskSchema, JSON.parse(text));
  } catch {
    throw new RotationFailed('Redis Cloud answered something that is no task.');
  }
}

function reasonOf(task: Task): string {
  const error = task.response?.error;
  if (error === undefined || error === null) return 'the change failed without a reason.';
  if (typeof error === 'string') return error;
  return [error.type, error.status, error.description].filter(Boolean).join(', ');
}

function refusal(status: number): RotationFailed {
  if (status === 401 || status === 403) {
    return new RotationFailed(
      `Redis Cloud refuses the API keys (${status}); check the secret that holds them, and the account's allowed addresses.`,
    );
  }
  return new RotationFailed(`Redis Cloud answered ${status}.`);
}
