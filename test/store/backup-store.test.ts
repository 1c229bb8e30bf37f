import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackupStore } from '../../lambda/store/open-backup-store';
import { type BackupStore, uploadWhole } from '../../lambda/store/backup-store';

let directory: string;
let store: BackupStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'medical-codes-backup-store-'));
  store = openBackupStore(`file:${directory}`);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('first half');
  await Promise.resolve();
  throw new Error('the source broke');
}

async function readAll(key: string): Promise<string> {
  let text = '';
  for await (const chunk of store.read(key)) text += Buffer.from(chunk).toString();
  return text;
}

describe('a directory as a backup store', () => {
  it('holds what was uploaded, whole', async () => {
    await uploadWhole(store, 'backups/a/part', Buffer.from('bytes'));
    expect(await readAll('backups/a/part')).toBe('bytes');
    expect(Buffer.from((await store.get('backups/a/part'))!).toString()).toBe('bytes');
    const keys: string[] = [];
    for await (const { key } of store.list('backups/')) keys.push(key);
    expect(keys).toEqual(['backups/a/part']);
  });

  it('keeps nothing of an upload that failed, and the old object stays', async () => {
    await uploadWhole(store, 'key', Buffer.from('old'));
    await expect(store.upload('key', failing())).rejects.toThrow('the source broke');
    expect(await readAll('key')).toBe('old');
    expect(readdirSync(join(directory, '.uploads'))).toEqual([]);
  });

  it('removes what a process that died left behind a day ago, and nothing younger', async () => {
    await uploadWhole(store, 'key', Buffer.from('1'));
    for (const [name, hoursAgo] of [
      ['old', 25],
      ['young', 1],
    ] as const) {
      const path = join(directory, '.uploads', name);
      writeFileSync(path, 'half');
      const time = Date.now() / 1_000 - hoursAgo * 3_600;
      utimesSync(path, time, time);
    }
    await uploadWhole(store, 'key', Buffer.from('2'));
    expect(readdirSync(join(directory, '.uploads'))).toEqual(['young']);
  });

  it('says what it could not read', async () => {
    await expect(readAll('absent')).rejects.toThrow(/Cannot read absent in file:/);
    expect(await store.get('absent')).toBeUndefined();
  });

  it('opens for the same URLs as the catalog, and for no others', () => {
    expect(openBackupStore('s3://dev-medical-codes').url).toBe('s3://dev-medical-codes');
    expect(() => openBackupStore('http://bucket')).toThrow(/expected file:<dir> or s3:\/\/<bucket>/);
  });
});
