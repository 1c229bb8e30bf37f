import type { RedisFailure } from '../names/redis-failure';

/** Prefixes of server errors that mean the server, not the one command, cannot serve. */
const SERVER_ERRORS: readonly (readonly [prefix: RegExp, failure: RedisFailure])[] = [
  // Under RESP3 the handshake says `NOAUTH HELLO must be called with …`.
  [/^(WRONGPASS|NOAUTH)\b/, 'auth'],
  [/^ERR invalid password/, 'auth'],
  [/^ERR max number of clients/, 'maxclients'],
  [/^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS)\b/, 'loading'],
];

const MESSAGES: readonly (readonly [pattern: RegExp, failure: RedisFailure])[] = [
  [/ECONNREFUSED/, 'refused'],
  [/ENOTFOUND|EAI_AGAIN/, 'dns'],
  [/timed out|ETIMEDOUT|Socket timeout|Timeout/i, 'timeout'],
  [/certificate|\bSSL\b|\bTLS\b|altname|ERR_TLS|EPROTO/i, 'tls'],
  [/ECONNRESET|EPIPE|EHOSTUNREACH|ENETUNREACH|Connection is closed|connection close|max retries/i, 'closed'],
];

/** Told by its members: an error may come from another realm, where instanceof does not know it. */
function textOf(error: unknown): { message: string; code: string; name: string } {
  const member = (name: 'message' | 'code' | 'name'): string => {
    if (typeof error !== 'object' || error === null) return '';
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : '';
  };
  return { message: member('message'), code: member('code'), name: member('name') };
}

/** Name of the command that a server's error answers. */
function commandOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('command' in error)) return undefined;
  const { command } = error;
  return typeof command === 'object' && command !== null && 'name' in command ? command.name : undefined;
}

/** Classifies what ioredis threw or emitted, by message prefix: its error classes differ between versions. */
export function classify(error: unknown): RedisFailure {
  if (error instanceof RedisUnavailable && error.failure !== 'open') return error.failure;
  // A cluster's own error only says that no node answered; the reason is the last node's.
  if (typeof error === 'object' && error !== null && 'lastNodeError' in error) {
    return classify(error.lastNodeError);
  }
  const { message, code, name } = textOf(error);
  const server = SERVER_ERRORS.find(([prefix]) => prefix.test(message));
  if (server !== undefined) return server[1];
  // Of the handshake: nothing else selects a database.
  if (name === 'ReplyError' && commandOf(error) === 'select') return 'database';
  if (name === 'InvalidConnectionString') return 'configuration';
  if (name === 'ReplyError') return 'command';
  return MESSAGES.find(([pattern]) => pattern.test(message) || pattern.test(code))?.[1] ?? 'other';
}

/** Redis answered, but refused one command: OOM, READONLY, WRONGTYPE, NOPERM, … */
export class CommandRefused extends Error {
  /** First word of the server's answer. */
  readonly reason: string;

  constructor(error: unknown) {
    const reason = /^[A-Z]+\b/.exec(textOf(error).message)?.[0] ?? 'ERR';
    super(`Redis refused a command (${reason})`);
    this.name = 'CommandRefused';
    this.reason = reason;
  }
}

/** What a class alone does not tell. */
const REMEDY: Partial<Record<RedisFailure | 'open', string>> = {
  database:
    'it refuses the database number of the connection string; leave the number out, or let the user SELECT it',
};

/** Redis could not take part; the caller answers without it. Holds the class of the failure and nothing else. */
export class RedisUnavailable extends Error {
  constructor(readonly failure: RedisFailure | 'open') {
    const remedy = REMEDY[failure];
    super(`Redis is unavailable (${failure})${remedy === undefined ? '' : `: ${remedy}`}`);
    this.name = 'RedisUnavailable';
  }
}
