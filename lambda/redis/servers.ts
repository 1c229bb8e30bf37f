import { parseConnectionString } from './connection-string';
import { RedisUnavailable } from './failures';
import type { ConnectionSource } from './source';

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

/** The replica's side of a source. Its methods throw RedisUnavailable where the connection string names no replica. */
export function replicaSource(source: ConnectionSource): ConnectionSource {
  const replica = (connectionString: string): string => {
    const found = replicaOf(connectionString);
    if (found === undefined) throw new RedisUnavailable('configuration');
    return found;
  };
  return {
    current: async () => replica(await source.current()),
    refresh: async () => replica(await source.refresh()),
  };
}
