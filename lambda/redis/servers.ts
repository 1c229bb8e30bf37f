import { parseConnectionString, withLogin } from './connection-string';
import { RedisUnavailable } from './failures';
import type { ConnectionSource } from './source';

/**
 * Connection string of the replica that a connection string names, with the same credentials, TLS and database;
 * undefined when it names none.
 * @throws InvalidConnectionString
 */
export function replicaOf(connectionString: string): string | undefined {
  const target = parseConnectionString(connectionString);
  const { replica, tls, db } = target;
  if (replica === undefined) return undefined;
  const address = `${tls ? 'rediss' : 'redis'}://${replica.host}:${replica.port}${db === 0 ? '' : `/${db}`}`;
  return withLogin(address, target);
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
