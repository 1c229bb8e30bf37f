import { parseConnectionString } from './connection-string';

const AUTHORITY = /^\s*rediss?:\/\/(?<userInfo>[^/?#]*@)?/i;

/**
 * Connection string of the replica that a connection string names, with the same credentials and TLS;
 * undefined when it names none.
 * @throws InvalidConnectionString
 */
export function replicaOf(connectionString: string): string | undefined {
  const { replica, tls } = parseConnectionString(connectionString);
  if (replica === undefined) return undefined;
  const userInfo = AUTHORITY.exec(connectionString)?.groups?.userInfo ?? '';
  return `${tls ? 'rediss' : 'redis'}://${userInfo}${replica.host}:${replica.port}`;
}
