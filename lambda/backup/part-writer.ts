import { createHash } from 'node:crypto';
import { constants, createZstdCompress, type ZstdCompress } from 'node:zlib';
import { encodeHeader, PART_MAGIC } from '../snapshot/part-framing';
import type { SnapshotRecord } from '../snapshot/record';
import type { BackupPart } from './backup-manifest';
import type { ObjectStore, WriteOptions } from '../store/object-store';

/** Level 3 keeps pace with any plan's rate on a small Lambda; higher ones gain little on compressed values. */
const COMPRESSION = {
  params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
};

/**
 * Every write to the compressor is a trip to a worker thread: at one a record, that would cost more than the
 * compression.
 */
const CHUNK_BYTES = 256 * 1024;

/** One part on its way to the store: records in, compressed bytes streamed out, no more than a few MB held. */
export class PartWriter {
  /** Bytes of records written, uncompressed. */
  rawBytes = 0;
  #keys = 0;
  #bytes = 0;
  readonly #hash = createHash('sha256');
  readonly #zstd: ZstdCompress = createZstdCompress(COMPRESSION);
  readonly #uploaded: Promise<void>;
  #failure: Error | undefined;
  #waiting: Buffer[] = [PART_MAGIC];
  #waitingBytes = PART_MAGIC.length;

  constructor(
    store: ObjectStore,
    key: string,
    private readonly name: string,
    options: WriteOptions,
  ) {
    this.#zstd.on('error', (error) => (this.#failure ??= error));
    this.#uploaded = store.putStream(key, this.#compressed(), options).catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      this.#zstd.destroy();
    });
  }

  /** Resolves when there is room for the next. @throws what made the upload fail */
  async write(record: SnapshotRecord): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const { key, payload } = record;
    const header = encodeHeader(record);
    this.#keys += 1;
    this.rawBytes += header.length + key.length + payload.length;
    await this.#take(header);
    await this.#take(key);
    // A large value goes on in pieces of its own memory, so that no second copy of the whole is ever made.
    for (let at = 0; at < payload.length; at += CHUNK_BYTES) {
      await this.#take(payload.subarray(at, at + CHUNK_BYTES));
    }
  }

  /** Completes the upload. @throws what made it fail */
  async close(): Promise<BackupPart> {
    this.#zstd.end(this.#takeWaiting());
    await this.#uploaded;
    if (this.#failure !== undefined) throw this.#failure;
    const { name, rawBytes } = this;
    return { name, keys: this.#keys, bytes: this.#bytes, rawBytes, sha256: this.#hash.digest('hex') };
  }

  /** Drops the part; resolves when the store has let go of it. */
  async abort(): Promise<void> {
    this.#zstd.destroy(new Error('the backup was abandoned'));
    await this.#uploaded;
  }

  async #take(bytes: Buffer): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= CHUNK_BYTES && !this.#zstd.write(this.#takeWaiting())) await this.#drained();
  }

  #takeWaiting(): Buffer {
    const chunk = Buffer.concat(this.#waiting, this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return chunk;
  }

  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#zstd.off('drain', done).off('close', done);
        resolve();
      };
      this.#zstd.on('drain', done).on('close', done);
    });
    if (this.#failure !== undefined) throw this.#failure;
  }

  async *#compressed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#zstd) {
      if (!Buffer.isBuffer(chunk)) continue;
      this.#hash.update(chunk);
      this.#bytes += chunk.length;
      yield chunk;
    }
  }
}
