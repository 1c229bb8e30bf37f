import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { eachInParallel } from './parallel';
import { uploadTimeout } from './s3-client';
import type { S3Object } from './s3-download';

/** Bytes of a piece of a multipart upload; S3 takes 10,000 of them, so that an object may have 80 GB. */
const PIECE_BYTES = 8 * 1024 * 1024;
/** Pieces under way, and so in memory, at once. */
const PIECES_AT_ONCE = 2;

/** What S3 is told about an object besides its bytes. */
export type S3Attributes = Pick<
  PutObjectCommandInput,
  'ContentType' | 'ObjectLockMode' | 'ObjectLockRetainUntilDate'
>;

/** Object Lock demands a checksum, and S3 refuses what arrived damaged. */
const CHECKSUM = { ChecksumAlgorithm: 'CRC32' } as const;

/** Runs one request, and turns S3's errors into the store's. */
type Request = <T>(send: () => Promise<T>) => Promise<T>;

/**
 * Stores what `body` yields: a short body by one request, a longer one in pieces that become an object together.
 * Errors of `body` itself are thrown on as they are.
 */
export async function upload(
  client: S3Client,
  object: S3Object,
  body: AsyncIterable<Uint8Array>,
  attributes: S3Attributes,
  request: Request,
): Promise<void> {
  const pieces = piecesOf(body);
  try {
    const head = await firstTwo(pieces);
    if (head.length > 1) {
      await uploadInPieces(client, object, following(head, pieces), attributes, request);
      return;
    }
    const Body = head[0] ?? Buffer.alloc(0);
    const whole = new PutObjectCommand({ ...object, ...attributes, ...CHECKSUM, Body });
    await request(() => client.send(whole, uploadTimeout(Body.length)));
  } finally {
    await pieces.return();
  }
}

async function uploadInPieces(
  client: S3Client,
  object: S3Object,
  pieces: AsyncIterable<Buffer>,
  attributes: S3Attributes,
  request: Request,
): Promise<void> {
  const begin = new CreateMultipartUploadCommand({ ...object, ...attributes, ...CHECKSUM });
  const { UploadId } = await request(() => client.send(begin));
  const begun = { ...object, UploadId };
  try {
    const Parts = await sendPieces(client, begun, pieces, request);
    const complete = new CompleteMultipartUploadCommand({ ...begun, MultipartUpload: { Parts } });
    await request(() => client.send(complete));
  } catch (error) {
    // Where even this fails, the bucket's lifecycle rule ends the upload.
    await client.send(new AbortMultipartUploadCommand(begun)).catch(() => undefined);
    throw error;
  }
}

async function sendPieces(
  client: S3Client,
  begun: S3Object & { UploadId: string | undefined },
  pieces: AsyncIterable<Buffer>,
  request: Request,
): Promise<CompletedPart[]> {
  const sent: CompletedPart[] = [];
  let taken = 0;
  await eachInParallel(pieces, PIECES_AT_ONCE, async (Body) => {
    const PartNumber = (taken += 1);
    const command = new UploadPartCommand({ ...begun, ...CHECKSUM, PartNumber, Body });
    const { ETag, ChecksumCRC32 } = await request(() => client.send(command, uploadTimeout(Body.length)));
    sent[PartNumber - 1] = { PartNumber, ETag, ChecksumCRC32 };
  });
  return sent;
}

/** The first two pieces, or what there is of them. */
async function firstTwo(pieces: AsyncGenerator<Buffer>): Promise<Buffer[]> {
  const head: Buffer[] = [];
  while (head.length < 2) {
    const next = await pieces.next();
    if (next.done === true) break;
    head.push(next.value);
  }
  return head;
}

/** Lets go of each piece as it is taken, so that none stays in memory behind the others. */
async function* following(head: Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for (let next = head.shift(); next !== undefined; next = head.shift()) yield next;
  yield* rest;
}

/** The same bytes in pieces of one size, the last one shorter. */
async function* piecesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    let rest = chunk;
    while (bytes + rest.length >= PIECE_BYTES) {
      const room = PIECE_BYTES - bytes;
      yield Buffer.concat([...waiting, rest.subarray(0, room)]);
      rest = rest.subarray(room);
      waiting = [];
      bytes = 0;
    }
    if (rest.length === 0) continue;
    waiting.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}
