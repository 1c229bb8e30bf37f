import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Media types of what is stored. */
export const MEDIA = {
  json: 'application/json',
  gzip: 'application/gzip',
  bytes: 'application/octet-stream',
} as const;

/** Hex sha256, the fingerprint of every source and object in a manifest. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Position of the operating system's number in a gzip header (RFC 1952). */
const GZIP_OS = 9;
const UNKNOWN_OS = 255;

/**
 * Gzip JSON that depends on the value alone: no time stamp, no name, no operating system. So an unchanged
 * shard has the same sha256 in two releases, and comparing releases can skip it.
 */
export function packJson(value: unknown): Uint8Array {
  const packed = gzipSync(JSON.stringify(value), { level: 9 });
  packed[GZIP_OS] = UNKNOWN_OS;
  return packed;
}

/**
 * The value behind `packJson`.
 * @throws Error when the bytes are no complete gzip of JSON
 */
export function unpackJson(bytes: Uint8Array): unknown {
  return parseJson(gunzipSync(bytes));
}

/** @throws Error when the bytes are no JSON */
export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
}

/** JSON that people may read in a bucket: indented, with a newline at the end. */
export function readableJson(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');
}
