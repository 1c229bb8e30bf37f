import type { ConnectionTarget } from '../../lambda/redis/connection-string';
import { RedisUnavailable } from '../../lambda/redis/failures';
import { type RedisFailure } from '../../lambda/names/redis-failure';
import { SLOW_QUERY_MS } from '../../lambda/telemetry/metrics';
import { tlsRequired } from '../../lib/config/redis-endpoint';
import type { OperatorRedis } from '../operator-redis';
import { type Check, fail, type Finding, pass, skipped, warn } from './check';
import type { Patient } from './patient';
import { probeTls } from './tls-probe';

const DAY_MS = 86_400_000;
/** Time to renew a certificate of one's own. */
const CERTIFICATE_WARNING_DAYS = 21;
const PINGS = 11;

const REMEDIES: Partial<Record<RedisFailure | 'open', string>> = {
  dns: 'The host name is unknown here: check the endpoint; a private one resolves only inside the peered network.',
  refused: 'Nobody listens there: check host and port, and that the database is active.',
  timeout: 'No answer: check the allowed addresses of the database, security groups, routes of the peering.',
  closed: 'The server hung up: a TLS port takes rediss:// only, a plain one redis:// only.',
  tls: 'The TLS handshake failed: check rediss:// against the port, and that the certificate’s authority is trusted (NODE_EXTRA_CA_CERTS).',
  maxclients: 'The plan’s connections are used up: lower the functions’ concurrency or take a larger plan.',
  loading: 'The server is loading its data; try again in a minute.',
};

export interface Reached {
  readonly target: ConnectionTarget;
  /** The outcome of the one attempt to log in. */
  readonly attempt: OperatorRedis | RedisFailure | 'open';
}

/** Whether Redis can be reached, safely, with these credentials, and how fast. */
export function connectionChecks(
  patient: Patient,
  target: () => ConnectionTarget,
  reach: () => Promise<Reached['attempt']>,
  redis: () => OperatorRedis,
): Check[] {
  return [
    {
      id: 'tls',
      title: 'TLS',
      needs: ['connection-string'],
      run: () => tls(patient, target()),
    },
    {
      id: 'connection',
      title: 'Connection',
      needs: ['connection-string'],
      run: async () => {
        const attempt = await reach();
        if (typeof attempt !== 'string') return pass('open');
        if (attempt === 'auth') return pass('open, up to the login');
        return fail(attempt, REMEDIES[attempt] ?? 'Try redis-cli from the same place, and compare.');
      },
    },
    {
      id: 'authentication',
      title: 'Authentication',
      needs: ['connection'],
      run: async () => {
        if ((await reach()) === 'auth') {
          return fail(
            'refused',
            'User or password is wrong: compare with the console, then deploy or rotate.',
          );
        }
        const { username, password } = target();
        if (password !== undefined) return pass(`as ${username ?? 'default'}`);
        return (patient.environment === undefined ? warn : fail)(
          'none asked for',
          'Anybody who reaches this port may read and write: set a password.',
        );
      },
    },
    { id: 'latency', title: 'Round trip', needs: ['authentication'], run: () => latency(redis()) },
    { id: 'clock', title: 'Clock', needs: ['authentication'], run: () => clock(patient, redis()) },
  ];
}

async function tls(patient: Patient, target: ConnectionTarget): Promise<Finding> {
  if (!target.tls) {
    const remedy = 'Enable TLS for the database and write rediss:// (the free plan has none).';
    if (tlsRequired(patient.environment)) return fail('off', remedy);
    return isLoopback(target.host) ? skipped('not needed on this machine') : warn('off', remedy);
  }
  let session;
  try {
    session = await probeTls(target);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), REMEDIES.tls ?? '');
  }
  const days = Math.floor((session.validTo.getTime() - patient.now().getTime()) / DAY_MS);
  const detail = `${session.protocol}, certificate valid for ${days} d`;
  return days < CERTIFICATE_WARNING_DAYS
    ? warn(detail, 'Renew the certificate, or ask the provider when it will.')
    : pass(detail);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}

async function latency(redis: OperatorRedis): Promise<Finding> {
  const times: number[] = [];
  for (let ping = 0; ping < PINGS; ping += 1) {
    const started = performance.now();
    await redis.nodes[0].exchange([['PING']]);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const detail = `${median.toFixed(1)} ms median, ${(times.at(-1) ?? 0).toFixed(1)} ms worst of ${PINGS}`;
  if (median <= SLOW_QUERY_MS) return pass(detail);
  return warn(
    detail,
    'Every lookup in Redis would count as slow from here: run in the region of the database.',
  );
}

const SKEW_WARNING_S = 5;
const SKEW_FAILURE_S = 60;

async function clock(patient: Patient, redis: OperatorRedis): Promise<Finding> {
  const before = patient.now().getTime();
  const [reply] = await redis.nodes[0].exchange([['TIME']]);
  const after = patient.now().getTime();
  const [seconds, micros] = Array.isArray(reply) ? reply.map(Number) : [];
  if (seconds === undefined || micros === undefined) return skipped('Redis does not tell its time');
  const skew = Math.abs(seconds + micros / 1_000_000 - (before + after) / 2_000);
  const detail = `${skew.toFixed(1)} s apart from this machine`;
  const remedy =
    'Set this machine’s clock (NTP); if it is right, tell the provider: expiry times follow the server’s.';
  if (skew > SKEW_FAILURE_S) return fail(detail, remedy);
  return skew > SKEW_WARNING_S ? warn(detail, remedy) : pass(detail);
}

/** What an attempt to connect came to. */
export async function attemptOf(open: () => Promise<OperatorRedis>): Promise<Reached['attempt']> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof RedisUnavailable) return error.failure;
    throw error;
  }
}
