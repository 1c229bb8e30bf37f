import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SourceUnavailable } from '../names/errors';
import { MEDIA } from './json-objects';
import type { ConditionalPut, ObjectStore } from './object-store';
import { errorCode } from './system-error';

/** Milliseconds; the second is also how long a transfer may stand still. */
const CONNECT_TIMEOUT = 500;
const REQUEST_TIMEOUT = 3_000;
/** What a put may take besides, per mebibyte of its body. */
const UPLOAD_TIMEOUT_PER_MIB = 1_000;
/** The first attempt counts. */
const MAX_ATTEMPTS = 3;

/** What to do about the failures that operators meet. */
const REMEDIES: Readonly<Record<string, string>> = {
  NoSuchBucket: 'the bucket does not exist; check its name, or deploy the environment first',
  AccessDenied: 'access denied; the caller needs to get, put, delete and list objects of the bucket',
  CredentialsProviderError: 'no AWS credentials; configure them, or set AWS_PROFILE',
  ExpiredToken: 'the AWS session has expired; sign in again',
  TimeoutError: 'no answer in time',
};

/** A bucket as an object store. */
export class S3Store implements ObjectStore {
  readonly url: string;

  private constructor(
    private readonly bucket: string,
    private readonly client: S3Client,
  ) {
    this.url = `s3://${bucket}`;
  }

  /** Region, credentials and endpoint come from the SDK's own variables and files. */
  static connect(bucket: string): S3Store {
    const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
    const client = new S3Client({
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT,
        requestTimeout: REQUEST_TIMEOUT,
        throwOnRequestTimeout: true,
        socketTimeout: REQUEST_TIMEOUT,
      },
      // Bucket names as host names resolve at AWS alone, not at an endpoint of one's own.
      forcePathStyle: endpoint !== undefined && endpoint !== '',
    });
    return new S3Store(bucket, client);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.getWithETag(key))?.body;
  }

  async getWithETag(key: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    try {
      const found = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return { body: await bodyOf(found), etag: found.ETag ?? '' };
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') return undefined;
      throw this.#failure(key, error);
    }
  }

  async put(key: string, body: Uint8Array, contentType: string = MEDIA.json): Promise<void> {
    try {
      await this.client.send(
        new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ContentType: contentType }),
        uploadOptions(body),
      );
    } catch (error) {
      throw this.#failure(key, error);
    }
  }

  async putIfMatch(key: string, body: Uint8Array, etag: string | undefined): Promise<ConditionalPut> {
    const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
    try {
      const put = await this.client.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: key,
          Body: body,
          ContentType: MEDIA.json,
          ...condition,
        }),
        uploadOptions(body),
      );
      return { written: true, etag: put.ETag ?? '' };
    } catch (error) {
      if (!isLostRace(error, etag)) throw this.#failure(key, error);
      // An attempt whose answer got lost may have written; its repetition then meets our own object.
      const now = attemptsOf(error) > 1 ? await this.getWithETag(key) : undefined;
      const ours = now !== undefined && Buffer.compare(now.body, body) === 0;
      return ours ? { written: true, etag: now.etag } : { written: false };
    }
  }

  async *list(prefix: string): AsyncIterable<{ key: string; size: number; lastModified: Date }> {
    let token: string | undefined;
    do {
      const page = await this.#page(prefix, token);
      for (const { Key: key, Size: size, LastModified: lastModified } of page.Contents ?? []) {
        if (key === undefined) continue;
        yield { key, size: size ?? 0, lastModified: lastModified ?? new Date(0) };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async delete(key: string): Promise<void> {
    try {
      await this.client.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
    } catch (error) {
      throw this.#failure(key, error);
    }
  }

  async #page(prefix: string, token: string | undefined) {
    try {
      return await this.client.send(
        new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, ContinuationToken: token }),
      );
    } catch (error) {
      throw this.#failure(prefix, error);
    }
  }

  #failure(key: string, error: unknown): SourceUnavailable {
    const name = nameOf(error);
    const reason = REMEDIES[name] ?? (name === 'Error' ? (errorCode(error) ?? 'no connection') : name);
    return new SourceUnavailable(`${this.url}: ${key}: ${reason}.`, { cause: error });
  }
}

async function bodyOf(found: GetObjectCommandOutput): Promise<Uint8Array> {
  return found.Body === undefined ? new Uint8Array() : found.Body.transformToByteArray();
}

function uploadOptions(body: Uint8Array): { requestTimeout: number } {
  return { requestTimeout: REQUEST_TIMEOUT + Math.ceil(body.length / 2 ** 20) * UPLOAD_TIMEOUT_PER_MIB };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

/**
 * 412: the object is at another version; 409: another conditional write was under way; 404 for IfMatch: the
 * object is gone (Amazon S3 API, PutObject).
 */
function isLostRace(error: unknown, etag: string | undefined): boolean {
  const name = nameOf(error);
  const gone = name === 'NoSuchKey' && etag !== undefined;
  return name === 'PreconditionFailed' || name === 'ConditionalRequestConflict' || gone;
}

function attemptsOf(error: unknown): number {
  if (!(error instanceof Error) || !('$metadata' in error)) return 1;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('attempts' in metadata)) return 1;
  return typeof metadata.attempts === 'number' ? metadata.attempts : 1;
}
