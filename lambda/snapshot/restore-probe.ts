import { randomUUID } from 'node:crypto';
import { Refusal } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import { probePayload } from './payload';

/** Why a server takes no payloads of a version, or that it does. */
export type Readiness =
  | { ready: true }
  | { ready: false; reason: 'newer-payload'; newest: number }
  | { ready: false; reason: 'readonly' | 'out-of-memory' | 'refused'; message: string };

/** RDB versions before this one are older than DUMP. */
const OLDEST_VERSION = 5;

/**
 * Asks the server whether it would take payloads of RDB version `version`, without writing anything: RESTORE of
 * a small value with an expiry long past is checked like any other and then dropped.
 * @throws RedisUnavailable
 */
export async function probeRestore(redis: BulkRedis, version: number): Promise<Readiness> {
  const refusal = await tryVersion(redis, version);
  if (refusal === undefined) return { ready: true };
  if (refusal.reason === 'READONLY') return { ready: false, reason: 'readonly', message: refusal.message };
  if (refusal.reason === 'OOM') return { ready: false, reason: 'out-of-memory', message: refusal.message };
  if (!/version or checksum/.test(refusal.message)) {
    return { ready: false, reason: 'refused', message: refusal.message };
  }
  let newest = version - 1;
  while (newest > OLDEST_VERSION && (await tryVersion(redis, newest)) !== undefined) newest -= 1;
  return { ready: false, reason: 'newer-payload', newest };
}

async function tryVersion(redis: BulkRedis, version: number): Promise<Refusal | undefined> {
  const key = `medical-codes:probe:${randomUUID()}`;
  const { replies } = await redis.exchange([['RESTORE', key, 1, probePayload(version), 'ABSTTL']]);
  return replies[0] instanceof Refusal ? replies[0] : undefined;
}
