import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** What a first start reads: scripts for sh and node, and the samples with their publishers' line ends. */
const READ_FIRST = ['.ci', '.gitattributes', 'bin', 'data', 'local', 'package.json', '.env.example'];

describe('a clone on a machine that rewrites line ends (core.autocrlf=true)', () => {
  let folder: string;
  const git = (...words: string[]): string =>
    execFileSync('git', words, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      // Whatever this machine's own settings are.
      env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
    });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'medical-codes-clone-'));
    git('init', '--quiet', 'origin');
    const origin = join(folder, 'origin');
    for (const path of READ_FIRST) cpSync(join(ROOT, path), join(origin, path), { recursive: true });
    git('-C', 'origin', 'add', '--all');
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid'];
    git('-C', 'origin', ...author, 'commit', '--quiet', '--message', 'Everything');
    git('-c', 'core.autocrlf=true', 'clone', '--quiet', '-c', 'core.autocrlf=true', 'origin', 'clone');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has every file byte for byte as it is here', () => {
    const files = readdirSync(join(folder, 'clone'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => !path.startsWith('.git/') && statSync(join(folder, 'clone', path)).isFile(),
    );
    expect(files).toEqual(expect.arrayContaining(['bin/setup.sh', 'data/sample/cpt/LONGULT.TXT']));
    const differing = files.filter(
      (path) => !readFileSync(join(folder, 'clone', path)).equals(readFileSync(join(ROOT, path))),
    );
    expect(differing).toEqual([]);
  });

  it('has a setup script that sh can read', () => {
    execFileSync('sh', ['-n', join(folder, 'clone', 'bin/setup.sh')]);
  });
});
