import { addressText, type RedisAddress } from './redis-address';
import type { PingFailure, PingResult } from './redis-ping';

const SKIP = 'To deploy without this check, add --skip-redis-check.';

/** What each failure most likely means, and what to do about it. */
const ADVICE: Readonly<Record<PingFailure, string>> = {
  'unknown-host': 'No such host name is known. Compare it with the endpoint on the database page.',
  refused: 'Nothing listens on that port. Is the database active, and is it the endpoint’s port?',
  timeout:
    'Nothing answers. A database that only accepts its peered network or an allow-list of addresses cannot be reached from here.',
  'tls-not-offered':
    'The string says rediss://, but the port speaks no TLS. Turn TLS on for the database, or use redis:// where the environment allows it.',
  'tls-expected':
    'The connection was closed before an answer. The string says redis://; does the database require TLS? Then use rediss://.',
  certificate:
    'Its certificate is not trusted here. For a private authority set NODE_EXTRA_CA_CERTS to its certificate; the functions would need it as well.',
  auth: 'It refuses user or password. Copy the string again from the database page; percent-encode special characters of the password. If rotation has changed the password since, leave REDIS_CONNECTION_STRING out: the secret holds the new one.',
  database: 'It refuses the database number of the string. Leave the number out, or let the user SELECT it.',
  'not-redis':
    'What answers there is not Redis. Compare host and port with the endpoint on the database page.',
  error: 'The database is there, but does not take commands from here.',
};

/** Why the deployment stops here, naming host and port but never the credentials. */
export function redisRefusal(address: RedisAddress, result: Extract<PingResult, { ok: false }>): string {
  return `Redis at ${addressText(address)} failed the check: ${result.detail}. ${ADVICE[result.failure]} ${SKIP}`;
}
