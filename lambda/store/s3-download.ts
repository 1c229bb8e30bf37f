import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing } from './s3-failure';

/** An object of a bucket, as every command names it. */
export interface S3Object {
  readonly Bucket: string;
  readonly Key: string;
}

/** Milliseconds a body may stand still before its connection counts as broken. */
const STREAM_PAUSE = 20_000;
/** Milliseconds to wait before a broken download is taken up again; as many attempts in a row as there are waits. */
const RESUME_AFTER = [0, 250, 1_000, 4_000];

/**
 * Chunks of an answer's body.
 * @param pause milliseconds that the next chunk may keep the reader waiting
 * @throws TimeoutError, or what broke the connection
 */
export async function* bodyChunks(
  { Body: body }: GetObjectCommandOutput,
  pause: number,
): AsyncGenerator<Buffer> {
  if (!(body instanceof Readable)) throw new Error('the answer has no body');
  const giveUp = (): void => {
    const error = new Error(`nothing came for ${pause} ms`);
    error.name = 'TimeoutError';
    body.destroy(error);
  };
  let timer = setTimeout(giveUp, pause);
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      if (Buffer.isBuffer(chunk)) yield chunk;
      timer = setTimeout(giveUp, pause);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** An object's bytes as they come; a connection that broke is taken up where it stopped. Throws S3's own errors. */
export async function* download(client: S3Client, object: S3Object): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let etag: string | undefined;
  for (let failures = 0; ;) {
    try {
      const rest = offset === 0 ? {} : { Range: `bytes=${offset}-`, IfMatch: etag };
      const answer = await client.send(new GetObjectCommand({ ...object, ...rest }));
      etag = answer.ETag;
      for await (const chunk of bodyChunks(answer, STREAM_PAUSE)) {
        offset += chunk.length;
        failures = 0;
        yield chunk;
      }
      return;
    } catch (error) {
      const wait = RESUME_AFTER[failures];
      failures += 1;
      if (wait === undefined || !isPassing(error)) throw error;
      await sleep(wait);
    }
  }
}
