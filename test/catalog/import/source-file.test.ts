import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { SourceFile } from '../../../lambda/catalog/import/source-file';
import { SmallCatalog } from '../../support/small-catalog';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

async function linesOf(path: string): Promise<string[]> {
  return (await Array.fromAsync((await SourceFile.open(path)).lines())).map(({ text }) => text);
}

test('a gzip file is told by its first bytes, whatever its name', async () => {
  const path = space.file('order.txt', gzipSync('one\r\ntwo\r\n'));
  expect(await linesOf(path)).toEqual(['one', 'two']);
  expect(await linesOf(space.file('plain.gz', 'one\ntwo'))).toEqual(['one', 'two']);
});

test('lines longer than a chunk, and chunks that end inside a line, come out whole', async () => {
  const lines = Array.from({ length: 3_000 }, (_, index) => `${index}:${'é'.repeat(index % 400)}`);
  expect(await linesOf(space.file('long.txt', lines.join('\r\n')))).toEqual(lines);
});

test('the sha256 is that of the file as it is stored', async () => {
  const stored = gzipSync('one\n');
  const file = await SourceFile.open(space.file('a.gz', stored));
  expect(() => file.sha256).toThrow('has not been read');
  const lines = await Array.fromAsync(file.lines());
  expect(lines).toEqual([{ number: 1, text: 'one' }]);
  expect(file.sha256).toBe(createHash('sha256').update(stored).digest('hex'));
  expect(file.size).toBe(stored.length);
});

test('a byte order mark is no part of the text', async () => {
  expect(await linesOf(space.file('bom.csv', '\ufeffcode,short\n\ufeffx'))).toEqual([
    'code,short',
    '\ufeffx',
  ]);
});

test('a line that is not UTF-8 is read as Windows-1252, and counted', async () => {
  const path = space.file('old.txt', Buffer.from('Ménière\nM\xe9ni\xe8re \x96 unspecified\nplain', 'latin1'));
  const utf8 = space.file('new.txt', 'Ménière’s');
  const file = await SourceFile.open(path);
  expect((await Array.fromAsync(file.lines())).map(({ text }) => text)).toEqual([
    'Ménière',
    'Ménière – unspecified',
    'plain',
  ]);
  expect(file.legacyLines).toBe(2);
  expect(await linesOf(utf8)).toEqual(['Ménière’s']);
});

test.each([
  [
    'gzip data that is cut off',
    (): Uint8Array => gzipSync('line\n'.repeat(10_000)).subarray(0, 60),
    'gzip data is damaged or cut off',
  ],
  [
    'gzip data with a flipped bit',
    (): Uint8Array => {
      const packed = gzipSync('line of text\n'.repeat(1_000));
      packed.writeUInt8(packed.readUInt8(30) ^ 4, 30);
      return packed;
    },
    'gzip data is damaged or cut off',
  ],
  ['a zip archive', (): Uint8Array => Buffer.from('PK\u0003\u0004rest'), 'it is a zip archive'],
  ['UTF-16 text', (): Uint8Array => Buffer.from('\ufeffone', 'utf16le'), 'it is UTF-16 text'],
  ['a binary file', (): Uint8Array => Buffer.from('one\n\0\0\0two'), 'it holds NUL bytes'],
  [
    'a file without line ends',
    (): Uint8Array => Buffer.alloc(3_000_000, 'x'),
    'a line of more than a million bytes',
  ],
])('%s is refused with the reason', async (_what, content, reason) => {
  await expect(linesOf(space.file('bad.txt', content()))).rejects.toThrow(reason);
});

test('a file that is not there is named', async () => {
  await expect(SourceFile.open('/nowhere/order.txt')).rejects.toThrow(
    '/nowhere/order.txt: it cannot be read (ENOENT)',
  );
  await expect(SourceFile.open(space.folder)).rejects.toThrow('it is no file');
});
