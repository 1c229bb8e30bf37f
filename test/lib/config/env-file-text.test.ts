import { ConfigError } from '../../../lib/config/config-error';
import { parseEnvFile } from '../../../lib/config/env-file-text';

const parse = (text: string | Buffer): Record<string, string> =>
  parseEnvFile(Buffer.from(text as string), '.env.dev');

function refusal(text: string | Buffer): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('it was taken');
}

describe('a .env file', () => {
  it.each([
    ['plain, with remarks and empty lines', '# all\n\nA=1\n  B = 2 # two\n', { A: '1', B: '2' }],
    ['with any line ends', 'A=1\r\nB=2\rC=3\n', { A: '1', B: '2', C: '3' }],
    ['as a shell would source it', "export A='x # y'\n", { A: 'x # y' }],
    ['with other quotes inside quotes', `A="it's"\nB='say "hi"' # remark\n`, { A: "it's", B: 'say "hi"' }],
    ['with a value over several lines', 'A="one\n# two\nthree"\nB=2\n', { A: 'one\n# two\nthree', B: '2' }],
    ['with the mark of an editor', '\uFEFFA=1\n', { A: '1' }],
    ['with an empty value, remarked', 'A= # none\nB=\n', { A: '', B: '' }],
    ['with = and @ inside a value', 'A=redis://u:p=q@host\n', { A: 'redis://u:p=q@host' }],
  ])('%s is read', (_, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ['a line without =', 'A=1\nBUCKET_PREFIX acme\nset B=2\n', 2],
    ['a colon for =', 'BUCKET_PREFIX: acme\n', 1],
    ['a shell command', 'A=1\n\nset PLAN_MEMORY_MB=250\n', 3],
    ['a name that is none', '1A=1\n', 1],
    ['a quote that nothing closes', 'A=1\nB="open\nC=3\n', 2],
    ['more behind a quoted value', "A='hunter2'hunter2'\n", 1],
    ['a # inside an unquoted value', 'A=1\nB=redis://default:Abc1@Xyz2#q9@host\n', 2],
    ['a # in its place', 'A=#hunter2\n', 1],
    ['something after a value of two lines', "A='one\ntwo'\nhunter2\n", 3],
  ])('with %s is refused, naming the line and quoting none', (_, text, line) => {
    const message = refusal(text);
    expect(message).toMatch(new RegExp(`^\\.env\\.dev: line ${line} [^\\n]+; [^\\n]+$`));
    expect(message).not.toMatch(/hunter2|Abc1|Xyz2|q9|acme|250/);
  });

  it.each([
    ['UTF-16 of Windows', Buffer.from('\uFEFFA=1\n', 'utf16le'), 1, /UTF-16/],
    ['UTF-16 without its mark', Buffer.from('A=1\nB=2\n', 'utf16le'), 1, /no text has/],
    ['Latin-1', Buffer.from('A=1\nB=m\xFCller\n', 'latin1'), 2, /not UTF-8/],
  ])('in %s is refused, naming the line', (_, bytes, line, problem) => {
    const message = refusal(bytes);
    expect(message).toMatch(new RegExp(`^\\.env\\.dev: line ${line} .*; save the file as UTF-8$`));
    expect(message).toMatch(problem);
  });
});
