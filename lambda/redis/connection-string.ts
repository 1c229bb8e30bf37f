import { AppError } from '../names/errors';

/** What a connection string says. */
export interface ConnectionTarget {
  /** Name or address; an IPv6 address keeps its brackets. */
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  /** `rediss://` */
  readonly tls: boolean;
  readonly db: number;
  /** `?cluster=true`: speak the cluster protocol. Redis Cloud's sharded databases behind its proxy need it not. */
  readonly cluster: boolean;
  /** `?replica=host:port`: where reads may go while the primary is gone; same credentials and TLS. */
  readonly replica?: { readonly host: string; readonly port: number };
}

/** A Redis connection string that cannot be used. The message never repeats any of it: it holds the password. */
export class InvalidConnectionString extends AppError {
  constructor(readonly problem: string) {
    super(
      'INVALID_REQUEST',
      `The Redis connection string ${problem}; expected redis[s]://[user:password@]host[:port][/db][?cluster=true].`,
      { field: 'connectionString' },
    );
  }
}

/** Of a connection string that names none. */
export const DEFAULT_PORT = 6379;

/** ioredis and node's sockets take an IPv6 address without the brackets that URLs need. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** Scheme, and what of the rest belongs to user and password. */
const LOGIN = /^(?<scheme>rediss?:\/\/)(?<login>[^/?#]*@)?/i;

function parseUrl(value: string): URL {
  try {
    return new URL(value);
  } catch {
    throw new InvalidConnectionString(
      'is not a URL (reserved characters of a password must be percent-encoded)',
    );
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new InvalidConnectionString('has a user or password that is not percent-encoded');
  }
}

function parseDb(path: string): number {
  const digits = path.replace(/^\//, '').replace(/\/$/, '');
  if (digits === '') return 0;
  if (!/^\d{1,4}$/.test(digits))
    throw new InvalidConnectionString('has a path that is not a database number');
  return Number(digits);
}

function parsePort(port: string): number {
  const value = port === '' ? DEFAULT_PORT : Number(port);
  if (value < 1) throw new InvalidConnectionString('has port 0');
  return value;
}

function parseReplica(value: string): { host: string; port: number } {
  const match = /^(?<host>[^\s:@/?#]+|\[[0-9A-Fa-f:.]+\]):(?<port>\d{1,5})$/.exec(value);
  const port = Number(match?.groups?.port);
  if (match?.groups?.host === undefined || port < 1 || port > 65_535) {
    throw new InvalidConnectionString('has a replica parameter that is not host:port');
  }
  return { host: match.groups.host, port };
}

/**
 * Reads `redis://` (plain) or `rediss://` (TLS), credentials percent-encoded, with the optional parameters
 * `cluster=true|false` and `replica=host:port`.
 * @throws InvalidConnectionString, which repeats nothing of the string
 */
export function parseConnectionString(value: string): ConnectionTarget {
  const trimmed = value.trim();
  if (trimmed === '') throw new InvalidConnectionString('is empty');
  // A URL parser drops line breaks without a word.
  if (/\s/.test(trimmed)) throw new InvalidConnectionString('has a space or a line break in it');
  const url = parseUrl(trimmed);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    throw new InvalidConnectionString('starts with neither redis:// nor rediss://');
  }
  if (url.hostname === '') throw new InvalidConnectionString('names no host');
  // What reads a .env file may cut a string at its #; then half a password would pass for the host, and be shown.
  if (LOGIN.exec(trimmed)?.groups?.login?.slice(0, -1).includes('@') === true) {
    throw new InvalidConnectionString('has more than one @ (percent-encode those of the password as %40)');
  }
  if (url.hash !== '') throw new InvalidConnectionString('has a # (percent-encode it as %23)');
  for (const name of url.searchParams.keys()) {
    if (name !== 'cluster' && name !== 'replica') {
      throw new InvalidConnectionString('has a parameter other than cluster and replica');
    }
  }
  const cluster = url.searchParams.get('cluster') ?? 'false';
  if (cluster !== 'true' && cluster !== 'false') {
    throw new InvalidConnectionString('has a cluster parameter other than true or false');
  }
  const db = parseDb(url.pathname);
  if (cluster === 'true' && db !== 0) throw new InvalidConnectionString('names a database in a cluster');
  const replica = url.searchParams.get('replica');
  return {
    host: url.hostname,
    port: parsePort(url.port),
    ...(url.username === '' ? {} : { username: decoded(url.username) }),
    ...(url.password === '' ? {} : { password: decoded(url.password) }),
    tls: url.protocol === 'rediss:',
    db,
    cluster: cluster === 'true',
    ...(replica === null ? {} : { replica: parseReplica(replica) }),
  };
}

/**
 * The same string to the letter but for user and password; without a login where neither is given.
 * @throws InvalidConnectionString
 */
export function withLogin(
  connectionString: string,
  { username, password }: Pick<ConnectionTarget, 'username' | 'password'>,
): string {
  parseConnectionString(connectionString);
  const words = [username ?? '', ...(password === undefined ? [] : [password])];
  const login = words.map(encodeURIComponent).join(':');
  return connectionString
    .trim()
    .replace(LOGIN, (_all, scheme: string) => `${scheme}${login === '' ? '' : `${login}@`}`);
}

/** Whether a text holds what looks like a connection string, sound or not. */
export function holdsConnectionString(text: string): boolean {
  return /rediss?:\/\//i.test(text);
}
