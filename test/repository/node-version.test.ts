import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { devDependencies } from '../../package.json';

const ROOT = join(__dirname, '../..');
const SETUP = join(ROOT, 'test/support/pinned-node.mjs');

/** What jest's globalSetup writes when it runs on a Node that says it is of this version. */
function saidOn(version: string): string {
  const program = `
    import sayWhenNodeIsAnother from ${JSON.stringify(SETUP)};
    Object.defineProperty(process, 'versions', { value: { node: ${JSON.stringify(version)} } });
    process.stderr.write = (text) => process.stdout.write(text);
    sayWhenNodeIsAnother();`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
}

describe('the pinned Node', () => {
  it('runs these tests', () => {
    expect(process.versions.node).toBe(devDependencies.node);
  });

  it('is the one that .nvmrc gives to version managers and to the workflows', () => {
    expect(readFileSync(join(ROOT, '.nvmrc'), 'utf8').trim()).toBe(devDependencies.node);
  });

  it('is named in one line when jest runs on another, and goes unmentioned when it runs', () => {
    const line = saidOn('20.20.2');
    expect(line).toContain('20.20.2');
    expect(line).toContain(devDependencies.node);
    expect(line.trim().split('\n')).toHaveLength(1);
    expect(saidOn(devDependencies.node)).toBe('');
  });

  it('is looked at by jest before any test', () => {
    expect(readFileSync(join(ROOT, 'jest.config.js'), 'utf8')).toContain(
      "globalSetup: '<rootDir>/test/support/pinned-node.mjs'",
    );
  });
});
