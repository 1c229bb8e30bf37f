import { type ConnectionTarget, withoutBrackets } from '../../lambda/redis/connection-string';

/** A database's address as it may be shown to anyone. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** The address alone, its host as sockets want it: an IPv6 address without brackets. */
export function addressOf({ host, port, tls }: ConnectionTarget): RedisAddress {
  return { host: withoutBrackets(host), port, tls };
}

/** Host and port as people write them, with what protects the line. */
export function addressText({ host, port, tls }: RedisAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port} (${tls ? 'TLS' : 'no TLS'})`;
}
