import { createHash } from 'node:crypto';
import type { ConnectionTarget } from './connection-string';

/** Characters of a cache's id. */
const LENGTH = 16;

/**
 * Names one Redis database, whoever connects to it and with which password: a hash of its address and number, so that
 * the id may stand where the address should not.
 */
export function cacheId({ host, port, db }: Pick<ConnectionTarget, 'host' | 'port' | 'db'>): string {
  return createHash('sha256').update(`${host.toLowerCase()}:${port}/${db}`).digest('hex').slice(0, LENGTH);
}
