import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Fault } from './faults';
import { S3Server } from './server';

const Bucket = 'test-bucket';
const Key = 'a/b';
let server: S3Server;
let client: S3Client;

beforeEach(async () => {
  server = await S3Server.start();
  client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { requestTimeout: 500, throwOnRequestTimeout: true, socketTimeout: 500 },
  });
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'what is stored' }));
});
afterEach(async () => {
  client.destroy();
  await server.stop();
});

const read = async (Range?: string): Promise<string> => {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
  return answer.Body!.transformToString();
};

test('a range is a part of the object, its first or its middle', async () => {
  expect(await read('bytes=5-')).toBe('is stored');
  expect(await read('bytes=5-6')).toBe('is');
  await expect(read('bytes=500-')).rejects.toMatchObject({ name: 'InvalidRange' });
});

test('an archived object is listed and described, and cannot be read', async () => {
  server.bucket.classes.set(Key, 'GLACIER');
  await expect(read()).rejects.toMatchObject({ name: 'InvalidObjectState' });
  expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
    StorageClass: 'GLACIER',
    ContentLength: 14,
  });
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents).toMatchObject([{ Key, Size: 14, StorageClass: 'GLACIER' }]);
});

test.each<[Fault, string]>([
  [500, 'InternalError'],
  [503, 'SlowDown'],
  [403, 'AccessDenied'],
  ['never-answers', 'TimeoutError'],
  ['lost-answer', ''],
  ['truncated-body', ''],
  ['stalled-body', ''],
])('a request can meet the fault %s', async (fault, name) => {
  server.fault = () => fault;
  await expect(read()).rejects.toMatchObject(name === '' ? {} : { name });
  server.fault = () => undefined;
  expect(await read()).toBe('what is stored');
});

test('wrong bytes are as many as the right ones', async () => {
  server.fault = () => 'wrong-bytes';
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: undefined }));
  const body = await answer.Body!.transformToString();
  expect(body).toHaveLength(14);
  expect(body).not.toBe('what is stored');
});

test('latency puts the answer off', async () => {
  server.fault = () => ({ latency: 60 });
  const since = performance.now();
  expect(await read()).toBe('what is stored');
  expect(performance.now() - since).toBeGreaterThan(50);
});
