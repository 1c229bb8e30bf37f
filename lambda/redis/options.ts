import type { ClusterOptions, RedisOptions } from 'ioredis';
import { HELD_PATIENCE_MS } from '../names/ttl';
import { type ConnectionTarget, withoutBrackets } from './connection-string';

/**
 * Milliseconds a connection may take for each step. ioredis's own defaults have neither of the first two, and a
 * half-open socket then hangs a lookup for over 100 s.
 */
export const TIMEOUTS: Timeouts = {
  command: 200,
  socket: 250,
  connect: 500,
  source: 1_000,
  renewal: HELD_PATIENCE_MS,
};

/** The same for an operator's commands, which nobody waits for behind an HTTP request and which may come from afar. */
export const OPERATOR_TIMEOUTS: Timeouts = {
  command: 5_000,
  socket: 6_000,
  connect: 5_000,
  source: 10_000,
  renewal: 5_000,
};

export interface Timeouts {
  /** From handing a command over to its reply, waiting for the connection included. */
  readonly command: number;
  /** Silence on a socket with commands on it. Alone replaces a dead socket; a command's time-out never does. */
  readonly socket: number;
  readonly connect: number;
  /** Waiting for the connection string, the first time: a lookup later than that is better off without Redis. */
  readonly source: number;
  /** Waiting for a new connection string once Redis refuses the login; it is read on beside. */
  readonly renewal: number;
}

/** The longest pause between two attempts to connect, milliseconds. */
const MAX_RETRY_DELAY = 2_000;
const FIRST_RETRY_DELAY = 50;

/**
 * Milliseconds before attempt `times` (1, 2, …) to connect again. The first is immediate, because after a
 * thaw or a server's idle time-out it nearly always succeeds; later ones double up to 2 s, half of it random so that
 * processes do not return together.
 */
export function retryDelay(times: number, random: () => number = Math.random): number {
  if (times <= 1) return 0;
  const ceiling = Math.min(MAX_RETRY_DELAY, FIRST_RETRY_DELAY * 2 ** Math.min(times - 2, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}

type SharedOptions = Pick<
  RedisOptions,
  | 'username'
  | 'password'
  | 'tls'
  | 'commandTimeout'
  | 'socketTimeout'
  | 'connectTimeout'
  | 'disconnectTimeout'
> & {
  maxRetriesPerRequest: number;
  enableReadyCheck: boolean;
  disableClientInfo: boolean;
  lazyConnect: boolean;
};

function sharedOptions(target: ConnectionTarget, timeouts: Timeouts): SharedOptions {
  return {
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    // Nodes of a cluster may be announced by address; the certificate names the endpoint of the connection string.
    ...(target.tls ? { tls: serverName(target.host) } : {}),
    commandTimeout: timeouts.command,
    socketTimeout: timeouts.socket,
    connectTimeout: timeouts.connect,
    // So long a connection that was given up, or never made, keeps a process alive; ioredis itself says 2 s. Patience
    // with a server's answers is none with its goodbye.
    disconnectTimeout: TIMEOUTS.socket,
    maxRetriesPerRequest: 1,
    // Both would cost a round trip more before the first GET.
    enableReadyCheck: false,
    disableClientInfo: true,
    lazyConnect: true,
  };
}

function serverName(host: string): { servername?: string } {
  // SNI takes names only; node's TLS warns about an address.
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}

/** Options of a connection to one server or one proxied endpoint. */
export function redisOptions(target: ConnectionTarget, timeouts: Timeouts = TIMEOUTS): RedisOptions {
  return {
    ...sharedOptions(target, timeouts),
    host: withoutBrackets(target.host),
    port: target.port,
    db: target.db,
    retryStrategy: (times) => retryDelay(times),
  };
}

/** Start node and options of a connection that speaks the cluster protocol. */
export function clusterOptions(
  target: ConnectionTarget,
  timeouts: Timeouts = TIMEOUTS,
): {
  nodes: { host: string; port: number }[];
  options: ClusterOptions;
} {
  const { lazyConnect, ...node } = sharedOptions(target, timeouts);
  return {
    nodes: [{ host: withoutBrackets(target.host), port: target.port }],
    options: {
      redisOptions: node,
      lazyConnect,
      enableReadyCheck: false,
      clusterRetryStrategy: (times) => retryDelay(times),
      slotsRefreshTimeout: timeouts.connect,
      // A slot that moved costs one redirection, a failover a few; more would outlast any caller's patience.
      maxRedirections: 4,
      // Under TLS the name, not the address it resolves to, must match the certificate.
      ...(target.tls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
    },
  };
}
