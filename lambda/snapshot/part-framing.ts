import { crc32 } from 'node:zlib';
import type { SnapshotRecord } from './record';

/**
 * A part is the 8 bytes `RDUMP\0\0\x01`, then records one after another, all integers big-endian:
 * key length (u32), payload length (u32), expiry (i64, Unix ms, 0 = never), CRC-32 of these 16 bytes (u32),
 * CRC-32 of key and payload (u32), key, payload. The first checksum guards the lengths, so that a damaged
 * part never makes a reader wait for gigabytes; the second lets a restore check a record before it sends it.
 */
export const PART_MAGIC = Buffer.from('RDUMP\0\0\x01', 'latin1');

const HEADER_BYTES = 24;
const CHECKED_BYTES = 16;

/** A part that is not what was written: truncated, flipped bits, another format. */
export class DamagedPart extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'DamagedPart';
  }
}

/** Header of a record; its key and payload follow it, as they are. */
export function encodeHeader({ key, payload, expiresAt }: SnapshotRecord): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32BE(key.length, 0);
  header.writeUInt32BE(payload.length, 4);
  header.writeBigInt64BE(BigInt(expiresAt), 8);
  header.writeUInt32BE(crc32(header.subarray(0, CHECKED_BYTES)), 16);
  header.writeUInt32BE(crc32(payload, crc32(key)), 20);
  return header;
}

/**
 * Records of a part's uncompressed bytes, one at a time; holds no more than one record and one chunk.
 * @throws DamagedPart at the first record that is not whole
 */
export async function* decodeRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SnapshotRecord> {
  const reader = new ChunkReader(chunks);
  const magic = await reader.take(PART_MAGIC.length);
  if (!magic?.equals(PART_MAGIC)) throw new DamagedPart('it does not start as a part does');
  for (let number = 1; ; number += 1) {
    const header = await reader.take(HEADER_BYTES);
    if (header === undefined) {
      if (reader.left > 0) throw new DamagedPart(`it ends inside record ${number}`);
      return;
    }
    if (crc32(header.subarray(0, CHECKED_BYTES)) !== header.readUInt32BE(16)) {
      throw new DamagedPart(`the header of record ${number} is damaged`);
    }
    const keyLength = header.readUInt32BE(0);
    const body = await reader.take(keyLength + header.readUInt32BE(4));
    if (body === undefined) throw new DamagedPart(`it ends inside record ${number}`);
    if (crc32(body) !== header.readUInt32BE(20)) throw new DamagedPart(`record ${number} is damaged`);
    yield {
      key: body.subarray(0, keyLength),
      payload: body.subarray(keyLength),
      expiresAt: Number(header.readBigInt64BE(8)),
    };
  }
}

/** Takes exact lengths off a stream of chunks, joining chunks only where a length spans several. */
class ChunkReader {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #pending: Buffer[] = [];
  /** Bytes read and not taken. */
  left = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes; undefined when the stream ends before. */
  async take(length: number): Promise<Buffer | undefined> {
    while (this.left < length) {
      const next = await this.#iterator.next();
      if (next.done === true) return undefined;
      const chunk = next.value;
      this.#pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      this.left += chunk.byteLength;
    }
    const first = this.#pending[0] ?? Buffer.alloc(0);
    const whole = first.length >= length ? first : Buffer.concat(this.#pending, this.left);
    const rest = whole.subarray(length);
    const others = whole === first ? this.#pending.slice(1) : [];
    this.#pending = rest.length > 0 ? [rest, ...others] : others;
    this.left -= length;
    return whole.subarray(0, length);
  }
}
