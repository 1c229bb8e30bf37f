import { crc64 } from './crc64';

/** RDB version (2 bytes, little-endian) and CRC-64 (8 bytes) end every DUMP payload. */
const VERSION_BYTES = 2;
const CHECKSUM_BYTES = 8;
const FOOTER_BYTES = VERSION_BYTES + CHECKSUM_BYTES;

/** RDB type 0 (string), length 1, `x`: the smallest value that every Redis can load. */
const SMALLEST_VALUE = Buffer.from([0x00, 0x01, 0x78]);

/** The RDB version that a payload was written in; undefined when it is too short to be one. */
export function rdbVersion(payload: Buffer): number | undefined {
  return payload.length <= FOOTER_BYTES ? undefined : payload.readUInt16LE(payload.length - FOOTER_BYTES);
}

/** Whether the payload is what the server signed. */
export function checksumMatches(payload: Buffer): boolean {
  if (payload.length <= FOOTER_BYTES) return false;
  const signed = payload.subarray(0, payload.length - CHECKSUM_BYTES);
  return crc64(signed).equals(payload.subarray(payload.length - CHECKSUM_BYTES));
}

/**
 * A well-signed payload of one small string that claims to be of RDB version `version`. A server that takes
 * it takes every payload of that version, so a restore can ask before it writes.
 */
export function probePayload(version: number): Buffer {
  const footer = Buffer.alloc(VERSION_BYTES);
  footer.writeUInt16LE(version);
  const signed = Buffer.concat([SMALLEST_VALUE, footer]);
  return Buffer.concat([signed, crc64(signed)]);
}
