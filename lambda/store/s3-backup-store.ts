import { GetObjectCommand, type GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Readable } from 'node:stream';
import type { ObjectStore } from './object-store';
import { SourceUnavailable } from '../names/errors';
import type { BackupStore, UploadOptions } from './backup-store';

/** Milliseconds: to connect, of silence on the way, and until an answer to 8 MB from a slow line starts. */
const TIMEOUTS = {
  connectionTimeout: 5_000,
  socketTimeout: 20_000,
  requestTimeout: 90_000,
  throwOnRequestTimeout: true,
} as const;
const MAX_ATTEMPTS = 5;
/** Held in memory at once: two pieces of an upload. 10,000 pieces at most make 80 GB a part. */
const PIECE = { partSize: 8 * 1024 * 1024, queueSize: 2 } as const;
/** How often in a row a broken download is taken up again where it stopped. */
const READ_ATTEMPTS = 5;

/**
 * A bucket as a backup store. Uploads are multipart; the bucket's lifecycle rule ends those whose process died.
 */
export class S3BackupStore implements BackupStore {
  constructor(
    private readonly objects: ObjectStore,
    private readonly bucket: string,
    private readonly client: S3Client = connect(),
  ) {}

  get url(): string {
    return this.objects.url;
  }

  async upload(key: string, body: AsyncIterable<Uint8Array>, options: UploadOptions = {}): Promise<void> {
    const { retainUntil, contentType = 'application/octet-stream' } = options;
    let bodyError: Error | undefined;
    const upload = new Upload({
      client: this.client,
      ...PIECE,
      params: {
        Bucket: this.bucket,
        Key: key,
        Body: Readable.from(
          watched(body, (error) => (bodyError = error)),
          { objectMode: false },
        ),
        ContentType: contentType,
        // Object Lock demands a checksum, and S3 refuses what arrived damaged.
        ChecksumAlgorithm: 'CRC32',
        ...(retainUntil === undefined
          ? {}
          : { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: retainUntil }),
      },
    });
    try {
      await upload.done();
    } catch (error) {
      throw bodyError ?? this.#unavailable(`write ${key}`, error);
    }
  }

  async *read(key: string): AsyncGenerator<Uint8Array> {
    let offset = 0;
    let etag: string | undefined;
    for (let failures = 0; ;) {
      try {
        const answer = await this.#open(key, offset, etag);
        etag = answer.ETag;
        if (!(answer.Body instanceof Readable)) throw new Error('the answer has no body');
        for await (const chunk of answer.Body) {
          if (!Buffer.isBuffer(chunk)) continue;
          offset += chunk.length;
          failures = 0;
          yield chunk;
        }
        return;
      } catch (error) {
        failures += 1;
        const absent = error instanceof Error && error.name === 'NoSuchKey';
        if (absent || failures === READ_ATTEMPTS) throw this.#unavailable(`read ${key}`, error);
      }
    }
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.objects.get(key);
  }

  list(prefix: string): ReturnType<ObjectStore['list']> {
    return this.objects.list(prefix);
  }

  delete(key: string): Promise<void> {
    return this.objects.delete(key);
  }

  #open(key: string, offset: number, etag: string | undefined): Promise<GetObjectCommandOutput> {
    const rest = offset === 0 ? {} : { Range: `bytes=${offset}-`, IfMatch: etag };
    return this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key, ...rest }));
  }

  #unavailable(what: string, error: unknown): SourceUnavailable {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return new SourceUnavailable(`Cannot ${what} in ${this.url} (${reason}).`, { cause: error });
  }
}

/** Region, credentials and endpoint come from the SDK's own variables and files. */
function connect(): S3Client {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL ?? '';
  return new S3Client({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: TIMEOUTS,
    // Bucket names as host names resolve at AWS alone, not at an endpoint of one's own.
    forcePathStyle: endpoint !== '',
  });
}

/**
 * Tells an error of the body itself from one that the SDK throws into it on its way out: the caller of `upload`
 * waits for the first, and the second only says that there was another.
 */
async function* watched(
  body: AsyncIterable<Uint8Array>,
  failed: (error: Error) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    try {
      return await chunks.next();
    } catch (error) {
      failed(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  };
  try {
    for (let item = await next(); item.done !== true; item = await next()) yield item.value;
  } finally {
    await chunks.return?.();
  }
}
