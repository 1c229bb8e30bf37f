import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PYTHONS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

function suitable(python: string): boolean {
  const check = 'import sys; sys.exit(sys.version_info < (3, 10))';
  return spawnSync(python, ['-c', check], { stdio: 'ignore' }).status === 0;
}

/** A Python environment of the test's own, made once per set of pinned packages. Returns its `bin` folder. */
export function pythonEnvironment(root: string): string {
  const folder = join(root, '.cache/e2e-venv');
  const pins = readFileSync(join(root, 'test/e2e/requirements.txt'), 'utf8');
  const stamp = join(folder, 'installed-requirements.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === pins) return join(folder, 'bin');

  const python = PYTHONS.find(suitable);
  if (python === undefined) throw new Error('The end-to-end test needs Python 3.10 or later on the PATH.');
  mkdirSync(join(root, '.cache'), { recursive: true });
  const made = spawnSync(python, ['-m', 'venv', '--clear', folder], { encoding: 'utf8' });
  if (made.status !== 0) {
    throw new Error(
      `${python} cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv).\n${made.stderr}`,
    );
  }
  const options = ['--quiet', '--disable-pip-version-check', '--no-input'];
  const requirements = join(root, 'test/e2e/requirements.txt');
  execFileSync(join(folder, 'bin/python'), ['-m', 'pip', 'install', ...options, '-r', requirements], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 300_000,
  });
  writeFileSync(stamp, pins);
  return join(folder, 'bin');
}
