import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCodes } from '../support/codes-cli';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cli-context-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** The nearest store that never answers tells which bucket and region a command would have gone to. */
const AWS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_MAX_ATTEMPTS: '1',
};

const list = (env: Record<string, string> = {}) =>
  runCodes(['catalog', 'list', '--env', 'dev', '--json'], { cwd: directory, env: { ...AWS, ...env } });

describe('what a command learns from .env.<env>', () => {
  it('is what a deployment learns from it: a trimmed prefix, and the shell first', async () => {
    writeFileSync(join(directory, '.env.dev'), "BUCKET_PREFIX=' acme'\nCDK_DEFAULT_REGION=eu-west-1\n");
    expect((await list()).stdout).toContain('s3://acme-dev-medical-codes');
    expect((await list({ BUCKET_PREFIX: 'shell' })).stdout).toContain('s3://shell-dev-medical-codes');
  });

  it.each([
    ['a line that is no assignment', 'BUCKET_PREFIX acme\nset PLAN_MEMORY_MB=250\n', /^\.env\.dev: line 1 /],
    ['a prefix that no bucket can have', 'BUCKET_PREFIX=Acme_Health\n', /^BUCKET_PREFIX: may hold /],
  ])('is refused as by a deployment, exit code 2: %s', async (_, text, message) => {
    writeFileSync(join(directory, '.env.dev'), text);
    const { exitCode, stdout } = await list();
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'CONFIGURATION', message: expect.stringMatching(message) },
    });
    expect(exitCode).toBe(2);
  });
});
