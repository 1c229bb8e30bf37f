import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { DamagedPart, decodeRecords } from '../snapshot/part-framing';
import type { SnapshotRecord } from '../snapshot/record';
import type { BackupPart } from './backup-manifest';
import type { ObjectStore } from '../store/object-store';

/**
 * Records of a stored part, streamed. Each is checked before it is handed out; the whole part against the
 * manifest at the end.
 * @param key the part's key in the store
 * @throws DamagedPart as soon as something is not what was written; SourceUnavailable
 */
export async function* readPart(
  store: ObjectStore,
  key: string,
  part: BackupPart,
): AsyncGenerator<SnapshotRecord> {
  const hash = createHash('sha256');
  let bytes = 0;
  let unavailable: Error | undefined;
  async function* stored(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of store.getStream(key)) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      unavailable = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
  const source = Readable.from(stored(), { objectMode: false });
  const zstd = createZstdDecompress();
  source.on('error', (error) => zstd.destroy(error));
  source.pipe(zstd);
  let keys = 0;
  try {
    for await (const record of decodeRecords(zstd)) {
      keys += 1;
      yield record;
    }
  } catch (error) {
    if (unavailable !== undefined) throw unavailable;
    if (error instanceof DamagedPart) throw error;
    throw new DamagedPart(
      `it cannot be decompressed (${error instanceof Error ? error.message : 'unknown'})`,
    );
  } finally {
    source.destroy();
    zstd.destroy();
  }
  const sha256 = hash.digest('hex');
  if (bytes !== part.bytes) throw new DamagedPart(`it has ${bytes} bytes, the manifest says ${part.bytes}`);
  if (sha256 !== part.sha256)
    throw new DamagedPart(`its sha256 is ${sha256}, the manifest says ${part.sha256}`);
  if (keys !== part.keys) throw new DamagedPart(`it holds ${keys} records, the manifest says ${part.keys}`);
}
