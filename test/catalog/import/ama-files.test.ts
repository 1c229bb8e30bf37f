import { SmallCatalog } from '../../support/small-catalog';
import { recordsOf } from './reading';

let space: SmallCatalog;
beforeEach(() => (space = new SmallCatalog()));
afterEach(() => space.remove());

const notice = 'Invented texts of this test\r\nnot to be taken for others, Second line.\r\n\r\n';
const long = (): string =>
  space.file(
    'l.txt',
    `${notice}0001F\tfirst invented long text, longer than any other text in this test by far, so that it is the long one\r\n99213\tsecond invented long text\r\n`,
  );
const medium = (): string =>
  space.file(
    'm.txt',
    `${notice}0001F\tfirst invented medium text, of some length\r\n99213\tsecond invented medium text\r\n`,
  );
const short = (content = '0001F first short\r\n99213 second short                \r\n'): string =>
  space.file('s.txt', notice + content);

test.each([
  ['long, medium, short', (): string[] => [long(), medium(), short()]],
  ['short, medium, long', (): string[] => [short(), medium(), long()]],
])('which file is which shows in the texts (%s)', async (_order, files) => {
  expect(await recordsOf('cpt', files())).toMatchObject([
    {
      code: '0001F',
      description: expect.stringMatching('^first invented long'),
      shortDescription: 'first short',
      category: 'category-ii',
      billable: true,
    },
    { code: '99213', description: 'second invented long text', shortDescription: 'second short' },
  ]);
});

test('without a short text the medium one stands in, without that the long one', async () => {
  const texts = async (files: string[]): Promise<string[]> =>
    (await recordsOf('cpt', files)).map(({ shortDescription }) => shortDescription);
  expect(await texts([long(), medium(), short('0001F first short\r\n')])).toEqual([
    'first short',
    'second invented medium text',
  ]);
  expect((await texts([long()]))[1]).toBe('second invented long text');
});

test.each([
  [
    'a code in the short file alone',
    (): string[] => [long(), short('00100 x\r\n')],
    's.txt, line 4: 00100 is not in l.txt',
  ],
  [
    'a code twice in the short file',
    (): string[] => [long(), short('99213 x\r\n99213 y\r\n')],
    's.txt, line 5: code 99213 stands',
  ],
  [
    'a line without a code',
    (): string[] => [space.file('l.txt', '99213\ttext\n9921\ttext\n')],
    'l.txt, line 2: it is not a CPT code',
  ],
  [
    'a malformed first line',
    (): string[] => [space.file('l.txt', `${notice}9921X\ttext\n99213\ttext\n`)],
    'l.txt, line 4: it is not a CPT code',
  ],
  [
    'two short files',
    (): string[] => [long(), short(), space.file('s2.txt', '99213 x\n')],
    'a second file of short descriptors',
  ],
])('%s is refused', async (_what, files, reason) => {
  await expect(recordsOf('cpt', files())).rejects.toThrow(reason);
});
