import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { MEDIA } from './json-objects';
import { checkedKey, checkedPrefix } from './object-key';
import type { ConditionalPut, ListedObject, ObjectStore, WriteOptions } from './object-store';
import { connectS3, uploadTimeout } from './s3-client';
import { bodyChunks, download, type S3Object } from './s3-download';
import { attemptsOf, nameOf, unavailable } from './s3-failure';
import { archiveOf } from './s3-archive';
import type { S3Attributes } from './s3-upload';

/** Milliseconds a body that is read whole may stand still. */
const WHOLE_PAUSE = 3_000;

/** A bucket as an object store. */
export class S3Store implements ObjectStore {
  readonly url: string;
  readonly #client: S3Client = connectS3();

  constructor(private readonly bucket: string) {
    this.url = `s3://${bucket}`;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return (await this.getWithETag(key))?.body;
  }

  async getWithETag(key: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    const object = this.#object(key);
    try {
      const found = await this.#client.send(new GetObjectCommand(object));
      const chunks: Buffer[] = [];
      for await (const chunk of bodyChunks(found, WHOLE_PAUSE)) chunks.push(chunk);
      return { body: Buffer.concat(chunks), etag: found.ETag ?? '' };
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey') return undefined;
      throw unavailable(this.url, key, error);
    }
  }

  async *getStream(key: string): AsyncIterable<Uint8Array> {
    const chunks = download(this.#client, this.#object(key));
    try {
      for (;;) {
        const next = await this.#request(key, () => chunks.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await chunks.return(undefined);
    }
  }

  async put(key: string, body: Uint8Array, options: WriteOptions = {}): Promise<void> {
    const command = new PutObjectCommand({
      ...this.#object(key),
      ...attributes({ contentType: MEDIA.json, ...options }),
      Body: body,
      // Object Lock demands a checksum, and S3 refuses what arrived damaged.
      ChecksumAlgorithm: 'CRC32',
    });
    await this.#request(key, () => this.#client.send(command, uploadTimeout(body.length)));
  }

  async putIfMatch(key: string, body: Uint8Array, etag: string | undefined): Promise<ConditionalPut> {
    const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
    const command = new PutObjectCommand({
      ...this.#object(key),
      ...attributes({ contentType: MEDIA.json }),
      Body: body,
      ...condition,
    });
    try {
      const put = await this.#client.send(command, uploadTimeout(body.length));
      return { written: true, etag: put.ETag ?? '' };
    } catch (error) {
      if (!isLostRace(error, etag)) throw unavailable(this.url, key, error);
      // An attempt whose answer got lost may have written; its repetition then meets our own object.
      const now = attemptsOf(error) > 1 ? await this.getWithETag(key) : undefined;
      const ours = now !== undefined && Buffer.compare(now.body, body) === 0;
      return ours ? { written: true, etag: now.etag } : { written: false };
    }
  }

  async putStream(key: string, body: AsyncIterable<Uint8Array>, options: WriteOptions = {}): Promise<void> {
    const object = this.#object(key);
    // Lookups read; only what writes much pays for loading this.
    const { upload } = await import('./s3-upload');
    await upload(this.#client, object, body, attributes({ contentType: MEDIA.bytes, ...options }), (send) =>
      this.#request(key, send),
    );
  }

  async *list(prefix: string): AsyncIterable<ListedObject> {
    const Prefix = checkedPrefix(prefix);
    let ContinuationToken: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.bucket,
        Prefix,
        ContinuationToken,
        OptionalObjectAttributes: ['RestoreStatus'],
      });
      const page: ListObjectsV2CommandOutput = await this.#request(prefix, () => this.#client.send(command));
      for (const object of page.Contents ?? []) {
        const { Key: key, Size: size = 0, LastModified: lastModified = new Date(0) } = object;
        if (key !== undefined) yield { key, size, lastModified, ...archiveOf(object) };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  async delete(key: string): Promise<void> {
    const command = new DeleteObjectCommand(this.#object(key));
    await this.#request(key, () => this.#client.send(command));
  }

  #object(key: string): S3Object {
    return { Bucket: this.bucket, Key: checkedKey(key) };
  }

  async #request<T>(key: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw unavailable(this.url, key, error);
    }
  }
}

function attributes({ contentType, retainUntil }: WriteOptions): S3Attributes {
  const lock =
    retainUntil === undefined
      ? {}
      : { ObjectLockMode: 'GOVERNANCE' as const, ObjectLockRetainUntilDate: retainUntil };
  return { ContentType: contentType, ...lock };
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
