/**
 * CRC-64 as Redis signs DUMP payloads and RDB files with it: Jones polynomial 0xad93d23594c935a9, reflected,
 * start value and final XOR 0 (redis/src/crc64.c). Kept as two 32-bit halves: BigInt arithmetic is some
 * fifty times slower.
 */
const POLYNOMIAL_HIGH = 0x95ac9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;

const tableHigh = new Uint32Array(256);
const tableLow = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    const carry = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (carry === 1) {
      high ^= POLYNOMIAL_HIGH;
      low ^= POLYNOMIAL_LOW;
    }
  }
  tableHigh[byte] = high;
  tableLow[byte] = low;
}

/** The 8 bytes of the checksum of `bytes`, little-endian as Redis stores them. */
export function crc64(bytes: Uint8Array): Buffer {
  let high = 0;
  let low = 0;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] ?? 0);
    high = (high >>> 8) ^ (tableHigh[index] ?? 0);
  }
  const result = Buffer.alloc(8);
  result.writeUInt32LE(low >>> 0, 0);
  result.writeUInt32LE(high >>> 0, 4);
  return result;
}
