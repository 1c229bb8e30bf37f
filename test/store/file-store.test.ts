import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../lambda/store/json-objects';
import { SmallCatalog } from '../support/small-catalog';

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();
const bytes = (content: string): Uint8Array => Buffer.from(content);

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const keysOf = async (prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of space.store.list(prefix)) keys.push(key);
  return keys;
};

test('what was put is got back; what was not put, or was deleted, is absent', async () => {
  await space.store.put('a/b.json', bytes('one'));
  await space.store.put('a/b.json', bytes('two'));
  expect(text(await space.store.get('a/b.json'))).toBe('two');
  expect(await space.store.getWithETag('a/b.json')).toMatchObject({ etag: sha256(bytes('two')) });
  expect(await space.store.get('a')).toBeUndefined();
  expect(await space.store.get('a/b.json/c')).toBeUndefined();
  await space.store.delete('a/b.json');
  await space.store.delete('a/b.json');
  expect(await space.store.get('a/b.json')).toBeUndefined();
});

test('a conditional write wins only at the version it names', async () => {
  const first = await space.store.putIfMatch('p', bytes('1'), undefined);
  expect(first.written).toBe(true);
  expect(await space.store.putIfMatch('p', bytes('2'), undefined)).toEqual({ written: false });
  expect(await space.store.putIfMatch('p', bytes('2'), 'other')).toEqual({ written: false });
  expect(await space.store.putIfMatch('absent', bytes('2'), 'other')).toEqual({ written: false });
  const etag = first.written ? first.etag : '';
  expect(await space.store.putIfMatch('p', bytes('2'), etag)).toEqual({
    written: true,
    etag: sha256(bytes('2')),
  });
  expect(text(await space.store.get('p'))).toBe('2');
});

test('keys are listed in the order of S3, with nothing of the store’s own work among them', async () => {
  for (const key of ['a/b/1', 'a.b', 'a/b.c', 'a-b/2', 'b', 'a/é', 'a/z'])
    await space.store.put(key, bytes(key));
  const all = await keysOf('');
  expect(all).toEqual([...all].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  expect(all).toHaveLength(7);
  expect(await keysOf('a/b')).toEqual(['a/b.c', 'a/b/1']);
  expect(await keysOf('a/b/')).toEqual(['a/b/1']);
  expect(await keysOf('nothing/')).toEqual([]);
  expect(readdirSync(join(space.folder, 'store', '.work'))).toEqual([]);
});

test('of conditional writes in several processes none gets lost', async () => {
  const processes = 4;
  const increments = 40;
  await space.store.put('counter', bytes('0'));
  const children = Array.from({ length: processes }, () =>
    spawn(
      process.execPath,
      [
        '--import',
        require.resolve('tsx'),
        join(__dirname, 'counting-child.ts'),
        join(space.folder, 'store'),
        String(increments),
      ],
      { stdio: 'inherit' },
    ),
  );
  const codes = await Promise.all(
    children.map(async (child) => ((await once(child, 'exit')) as [number])[0]),
  );
  expect(codes).toEqual(Array.from({ length: processes }, () => 0));
  expect(text(await space.store.get('counter'))).toBe(String(processes * increments));
}, 120_000);

test('the lock of a process that died is broken', async () => {
  await space.store.put('key', bytes('1'));
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'exit');
  const lock = join(space.folder, 'store', '.work', `${sha256(bytes('key'))}.lock`);
  writeFileSync(lock, `${hostname()} ${dead.pid} x`);
  await space.store.put('key', bytes('2'));
  expect(text(await space.store.get('key'))).toBe('2');
});

test('a lock that stays taken is told, with the file to look at', async () => {
  await space.store.put('key', bytes('1'));
  const lock = join(space.folder, 'store', '.work', `${sha256(bytes('key'))}.lock`);
  writeFileSync(lock, `another-host 1 x`);
  await expect(space.store.put('key', bytes('2'))).rejects.toThrow(`${lock} is locked by another process`);
  expect(text(await space.store.get('key'))).toBe('1');
});
