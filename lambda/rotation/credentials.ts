import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { parseConnectionString, withLogin } from '../redis/connection-string';
import { connectionStringOf } from '../redis/secret';
import { replicaOf } from '../redis/servers';

/** The user that Redis takes a password without a name for. */
const DEFAULT_USER = 'default';

/** 32 random bytes: 256 bits, written in 43 URL-safe characters that need no escaping in a connection string. */
const PASSWORD_BYTES = 32;

export interface Credentials {
  readonly username: string;
  readonly password: string | undefined;
}

export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url');
}

/**
 * Who a secret's value logs in as.
 * @throws RedisUnavailable or InvalidConnectionString, which repeat nothing of the value
 */
export function credentialsOf(secretValue: string): Credentials {
  const { username, password } = parseConnectionString(connectionStringOf(secretValue));
  return { username: username ?? DEFAULT_USER, password };
}

const jsonSecretSchema = z.looseObject({});

/**
 * The same secret for another user: everything but user and password stays to the letter, and a value in JSON
 * stays JSON with all its members.
 */
export function withCredentials(secretValue: string, username: string, password: string): string {
  const connectionString = withLogin(connectionStringOf(secretValue), { username, password });
  if (!secretValue.trim().startsWith('{')) return connectionString;
  const document = z.parse(jsonSecretSchema, JSON.parse(secretValue));
  return JSON.stringify({ ...document, connectionString });
}

/**
 * Connection strings of every server that keeps users of its own: the primary, and the replica that the
 * string names, because ACLs are not replicated.
 */
export function serversOf(secretValue: string): string[] {
  const connectionString = connectionStringOf(secretValue);
  const replica = replicaOf(connectionString);
  return replica === undefined ? [connectionString] : [connectionString, replica];
}
