import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../lambda/store/open-store';
import type { ObjectStore } from '../../lambda/store/object-store';

let directory: string;
let store: ObjectStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'medical-codes-file-streams-'));
  store = openStore(`file:${directory}`);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('first half');
  await Promise.resolve();
  throw new Error('the source broke');
}

// eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous
async function* of(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function readAll(key: string): Promise<string> {
  let text = '';
  for await (const chunk of store.getStream(key)) text += Buffer.from(chunk).toString();
  return text;
}

describe('streams of a directory', () => {
  it('holds what was uploaded, whole', async () => {
    await store.putStream('backups/a/part', of('by', 'tes'));
    expect(await readAll('backups/a/part')).toBe('bytes');
    expect(Buffer.from((await store.get('backups/a/part'))!).toString()).toBe('bytes');
    const keys: string[] = [];
    for await (const { key } of store.list('backups/')) keys.push(key);
    expect(keys).toEqual(['backups/a/part']);
  });

  it('keeps nothing of an upload that failed, and the old object stays', async () => {
    await store.put('key', Buffer.from('old'));
    await expect(store.putStream('key', failing())).rejects.toThrow('the source broke');
    expect(await readAll('key')).toBe('old');
    expect(readdirSync(join(directory, '.work'))).toEqual([]);
  });

  it('removes what a process that died left behind a day ago, and nothing younger', async () => {
    await store.putStream('key', of('1'));
    for (const [name, hoursAgo] of [
      ['old', 25],
      ['young', 1],
    ] as const) {
      const path = join(directory, '.work', `${name}.tmp`);
      writeFileSync(path, 'half');
      const time = Date.now() / 1_000 - hoursAgo * 3_600;
      utimesSync(path, time, time);
    }
    await store.putStream('key', of('2'));
    expect(readdirSync(join(directory, '.work'))).toEqual(['young.tmp']);
  });

  it('says what it could not read', async () => {
    await expect(readAll('absent')).rejects.toThrow(/^file:.*: absent: ENOENT/);
    expect(await store.get('absent')).toBeUndefined();
  });
});
