import type { RedisClient } from '../redis/connection';
import type { Entry } from './entry';
import { decodeFrame, unfoldedSize } from './frames';
import type { CacheTelemetry } from '../telemetry/cache-telemetry';

/** What Redis holds under one key. */
export interface Reading {
  readonly frame: Buffer | null;
  /** PTTL: milliseconds to live; -1 without expiry, -2 when absent. */
  readonly pttl: number;
}

/** A value that was understood. */
export interface Understood<T> {
  /** Undefined when the release holds no such value. */
  readonly value: T | undefined;
  /** Milliseconds it still lives in Redis. */
  readonly lifeMs: number;
  /** About how many bytes of process memory it takes. */
  readonly bytes: number;
}

/** No format has it, so that a key of another Redis type reads as a damaged value. */
const NOT_A_STRING = Buffer.from([0xff]);

function wrongTypeAsDamage(error: unknown): Buffer {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return NOT_A_STRING;
  throw error;
}

/** Issues the reads of one key; both travel together. */
export async function readKey(client: RedisClient, key: string): Promise<Reading> {
  const frame = client.getBuffer(key).catch(wrongTypeAsDamage);
  const pttl = client.pttl(key);
  const [found, life] = await Promise.all([frame, pttl]);
  return { frame: found, pttl: life };
}

/** The value of a reading; undefined for a miss, which a value that nobody can decode is too. */
export function understand<T>(
  entry: Entry<T>,
  reading: Reading,
  telemetry: CacheTelemetry,
): Understood<T> | undefined {
  const { frame, pttl } = reading;
  if (frame === null) return undefined;
  try {
    const json = decodeFrame(frame);
    // A value without expiry was not written by this app; it is taken as one about to go.
    return {
      value: json === undefined ? undefined : entry.decode(json),
      lifeMs: Math.max(0, pttl),
      bytes: unfoldedSize(frame),
    };
  } catch {
    telemetry.cacheError('undecodable');
    return undefined;
  }
}
