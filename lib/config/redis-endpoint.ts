import { createHash } from 'node:crypto';
import type { EnvironmentName } from '../../lambda/names/environments';
import { ConfigError } from './config-error';
import { remedy } from './variables';

/** What the stacks may know about Redis: never the host's password, nor the string that holds it. */
export interface RedisEndpoint {
  readonly tls: boolean;
  /** Ports that the functions must reach: the database's, and its replica's where the string names one. */
  readonly ports: readonly number[];
  /**
   * Differs where another database is meant. A running function keeps the string it has read until Redis refuses
   * its password, so a move must start the functions anew; a changed setting does that.
   */
  readonly id: string;
}

const DEFAULT_PORT = 6379;

/** Until a string is given, as in a synthesis without any secret. */
export const UNKNOWN_ENDPOINT: RedisEndpoint = { tls: true, ports: [DEFAULT_PORT], id: 'unknown' };

/** Dev's free plan has no TLS; anything that may carry real traffic must have it. */
export function tlsRequired(environment: EnvironmentName): boolean {
  return environment !== 'dev';
}

/** Reads what the stacks need from a connection string, or refuses it without repeating any of it. */
export function redisEndpoint(connectionString: string, environment: EnvironmentName): RedisEndpoint {
  const url = parse(connectionString);
  if (!url.hostname) throw bad('names no host');
  if (url.hash !== '') throw bad('has a #', 'percent-encode it as %23');
  for (const name of url.searchParams.keys()) {
    if (name !== 'cluster' && name !== 'replica') throw bad('has a parameter other than cluster and replica');
  }
  const tls = url.protocol === 'rediss:';
  if (!tls && tlsRequired(environment)) {
    throw bad(`has no TLS, which ${environment} requires`, 'turn TLS on for the database and use rediss://');
  }
  const replica = url.searchParams.get('replica');
  const ports = [port(url), ...(replica === null ? [] : [replicaPort(replica)])];
  return { tls, ports: [...new Set(ports)], id: addressId(url) };
}

/** Of all but user and password. */
function addressId({ protocol, host, pathname, search }: URL): string {
  const address = `${protocol}//${host}${pathname}${search}`;
  return createHash('sha256').update(address).digest('hex').slice(0, 12);
}

function parse(connectionString: string): URL {
  if (!/^rediss?:\/\//.test(connectionString)) {
    throw bad('does not start with redis:// or rediss://');
  }
  try {
    return new URL(connectionString);
  } catch {
    throw bad(
      'is not a URL',
      'write it as rediss://user:password@host:port, with special characters of the password percent-encoded',
    );
  }
}

function replicaPort(replica: string): number {
  const digits = /^(?:[^\s:@/?#]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(replica)?.[1];
  const value = Number(digits ?? 0);
  if (value < 1 || value > 65_535) throw bad('names a replica that is not host:port');
  return value;
}

function port(url: URL): number {
  const value = url.port === '' ? DEFAULT_PORT : Number(url.port);
  if (value < 1) throw bad('names port 0');
  return value;
}

function bad(problem: string, advice = remedy('REDIS_CONNECTION_STRING')): ConfigError {
  return new ConfigError('REDIS_CONNECTION_STRING', problem, advice);
}
