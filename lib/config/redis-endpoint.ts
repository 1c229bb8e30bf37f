import { createHash } from 'node:crypto';
import type { EnvironmentName } from '../../lambda/names/environments';
import {
  type ConnectionTarget,
  DEFAULT_PORT,
  InvalidConnectionString,
  parseConnectionString,
} from '../../lambda/redis/connection-string';
import { ConfigError } from './config-error';
import { remedy } from './variables';

const VARIABLE = 'REDIS_CONNECTION_STRING';

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

/** Until a string is given, as in a synthesis without any secret. */
export const UNKNOWN_ENDPOINT: RedisEndpoint = { tls: true, ports: [DEFAULT_PORT], id: 'unknown' };

/** Dev's free plan has no TLS, nor has a Redis of one's own; anything that may carry real traffic must have it. */
export function tlsRequired(environment: EnvironmentName | undefined): boolean {
  return environment !== undefined && environment !== 'dev';
}

/** Reads what the stacks need from a connection string, or refuses it without repeating any of it. */
export function redisEndpoint(connectionString: string, environment: EnvironmentName): RedisEndpoint {
  const target = redisTarget(connectionString);
  const { tls, port, replica } = target;
  if (!tls && tlsRequired(environment)) {
    throw new ConfigError(
      VARIABLE,
      `has no TLS, which ${environment} requires`,
      'turn TLS on for the database and use rediss://',
    );
  }
  return { tls, ports: [...new Set([port, replica?.port ?? port])], id: addressId(target) };
}

/**
 * The string as every reader of it takes it.
 * @throws ConfigError, which repeats nothing of the string
 */
export function redisTarget(connectionString: string): ConnectionTarget {
  try {
    return parseConnectionString(connectionString);
  } catch (error) {
    if (!(error instanceof InvalidConnectionString)) throw error;
    throw new ConfigError(VARIABLE, error.problem, remedy(VARIABLE));
  }
}

/** Of all but user and password. */
function addressId({ username: _user, password: _password, ...address }: ConnectionTarget): string {
  return createHash('sha256').update(JSON.stringify(address)).digest('hex').slice(0, 12);
}
