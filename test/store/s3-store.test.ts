import { SourceUnavailable } from '../../lambda/names/errors';
import { openStore } from '../../lambda/store/open-store';
import type { ObjectStore } from '../../lambda/store/object-store';
import { S3Server } from '../support/s3/server';

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();
const bytes = (content: string): Uint8Array => Buffer.from(content);

let server: S3Server;
let store: ObjectStore;
const saved = { ...process.env };

beforeEach(async () => {
  server = await S3Server.start();
  Object.assign(process.env, server.variables);
  store = openStore(server.url);
});
afterEach(async () => {
  process.env = { ...saved };
  await server.stop();
});

test('what was put is got back; what was not put, or was deleted, is absent', async () => {
  await store.put('a/b.json', bytes('one'));
  expect(text(await store.get('a/b.json'))).toBe('one');
  await store.delete('a/b.json');
  expect(await store.get('a/b.json')).toBeUndefined();
  expect(await store.getWithETag('a/b.json')).toBeUndefined();
});

test('a conditional write wins only at the version it names', async () => {
  const first = await store.putIfMatch('p', bytes('1'), undefined);
  expect(first.written).toBe(true);
  expect(await store.putIfMatch('p', bytes('2'), undefined)).toEqual({ written: false });
  expect(await store.putIfMatch('p', bytes('2'), '"other"')).toEqual({ written: false });
  expect(await store.putIfMatch('absent', bytes('2'), '"other"')).toEqual({ written: false });
  const current = await store.getWithETag('p');
  expect((await store.putIfMatch('p', bytes('2'), current?.etag)).written).toBe(true);
  expect(text(await store.get('p'))).toBe('2');
});

test('a conditional write whose answer got lost counts as won when its repetition finds its own bytes', async () => {
  server.fault = (_request, count) => (count === 1 ? 'lost-answer' : undefined);
  expect((await store.putIfMatch('p', bytes('mine'), undefined)).written).toBe(true);
  expect(text(server.bucket.objects.get('p'))).toBe('mine');
});

test('a listing goes over all its pages', async () => {
  server.bucket.pageLength = 2;
  for (const key of ['r/1', 'r/2', 'r/3', 'r/4', 'r/5', 's/1']) await store.put(key, bytes(key));
  const found: { key: string; size: number }[] = [];
  for await (const { key, size } of store.list('r/')) found.push({ key, size });
  expect(found).toEqual(['r/1', 'r/2', 'r/3', 'r/4', 'r/5'].map((key) => ({ key, size: 3 })));
});

test('a passing fault is retried', async () => {
  await store.put('k', bytes('v'));
  server.fault = (_request, count) => (count === 1 ? 503 : undefined);
  expect(text(await store.get('k'))).toBe('v');
});

test('a fault that stays is unavailability, after few tries', async () => {
  server.fault = () => 500;
  const failure = await store.get('k').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SourceUnavailable);
  expect(server.requests).toHaveLength(3);
});

test.each(['never-answers', 'stalled-body'] as const)(
  'a server that answers nothing, or half, is given up (%s)',
  async (fault) => {
    await store.put('k', bytes('v'));
    server.fault = () => fault;
    await expect(store.get('k')).rejects.toBeInstanceOf(SourceUnavailable);
    expect(server.requests.filter(({ name }) => name === 'GET k').length).toBeLessThanOrEqual(3);
  },
);

test('a missing bucket is told with its remedy', async () => {
  await expect(openStore('s3://another-bucket').get('k')).rejects.toThrow(
    's3://another-bucket: k: the bucket does not exist',
  );
});
