import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidRequest } from '../../lambda/names/errors';
import { checkedKey, checkedPrefix } from '../../lambda/store/object-key';
import type { ObjectStore } from '../../lambda/store/object-store';
import { openStore } from '../../lambda/store/open-store';
import { S3Server } from '../support/s3/server';

const NO_KEYS = [
  '',
  '..',
  '../x',
  'a/../../x',
  'a/..',
  './x',
  '/etc/passwd',
  'a//b',
  'a/',
  '.work/x',
  'a/.hidden',
  'a\\..\\b',
  'a\0b',
  'a\nb',
  `a/${'k'.repeat(1_100)}`,
];
const NO_PREFIXES = NO_KEYS.filter((key) => key !== '' && key !== 'a/');

const bytes = Buffer.from('x');
// eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
async function* body(): AsyncGenerator<Uint8Array> {
  yield bytes;
}
async function consume(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _item of items);
}

/** Everything that a store does with a key. */
const WAYS: Record<string, (store: ObjectStore, key: string) => Promise<unknown>> = {
  get: (store, key) => store.get(key),
  getWithETag: (store, key) => store.getWithETag(key),
  getStream: (store, key) => consume(store.getStream(key)),
  put: (store, key) => store.put(key, bytes),
  putIfMatch: (store, key) => store.putIfMatch(key, bytes, undefined),
  putStream: (store, key) => store.putStream(key, body()),
  delete: (store, key) => store.delete(key),
};

let outside: string;
let server: S3Server;
const saved = { ...process.env };

beforeAll(async () => {
  server = await S3Server.start();
  Object.assign(process.env, server.variables);
});
beforeEach(() => (outside = mkdtempSync(join(tmpdir(), 'medical-codes-keys-'))));
afterEach(() => rmSync(outside, { recursive: true, force: true }));
afterAll(async () => {
  process.env = { ...saved };
  await server.stop();
});

describe.each(['file', 's3'])('a store of kind %s', (kind) => {
  const open = (): ObjectStore => openStore(kind === 'file' ? `file:${join(outside, 'store')}` : server.url);

  it.each(Object.keys(WAYS))('refuses, in %s, every key that could leave it or hide in it', async (way) => {
    for (const key of NO_KEYS) {
      const refusal = await WAYS[way]!(open(), key).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect([key, refusal]).toEqual([key, expect.any(InvalidRequest)]);
      expect((refusal as InvalidRequest).details).toEqual({ field: 'key' });
    }
    expect(readdirSync(outside)).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it('refuses to list what no key can start with', async () => {
    for (const prefix of NO_PREFIXES) {
      await expect(consume(open().list(prefix))).rejects.toThrow(InvalidRequest);
    }
    expect(existsSync(join(outside, 'store'))).toBe(false);
    expect(server.requests).toEqual([]);
  });
});

test('ordinary keys and prefixes pass as they are', () => {
  for (const key of [
    'a',
    'backups/redis/dev/2026-11-22T03:00:00.000Z/part-00001.rdump.zst',
    'a..b/c.',
    'é/ß',
  ]) {
    expect(checkedKey(key)).toBe(key);
  }
  for (const prefix of ['', 'a', 'a/', 'a/b', 'backups/redis/dev/'])
    expect(checkedPrefix(prefix)).toBe(prefix);
});

test('a refusal names the field by the name that its user knows', () => {
  expect(() => checkedPrefix('../escape/', '--prefix')).toThrow(
    '--prefix "../escape/" does not stay inside the store',
  );
});
