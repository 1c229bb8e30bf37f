import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIZE_BUDGET } from '../../bin/build/sizes';
import { FUNCTIONS } from '../../lambda/names/functions';
import { SETTING } from '../../lambda/names/settings';
import { bundleFunction } from '../../lib/functions/bundle';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the stacks give a function, as far as any of them insists on it at start-up. */
const SETTINGS: Record<string, string> = {
  AWS_REGION: 'us-east-1',
  [SETTING.environment]: 'dev',
  [SETTING.redisSecretArn]: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:x-AbCdEf',
  [SETTING.catalogStore]: 's3://bucket',
  [SETTING.authMode]: 'iam',
  [SETTING.teamClaim]: 'teamId',
  [SETTING.backupPrefix]: 'backups/redis/dev/',
  [SETTING.backupRetentionDays]: '7',
  [SETTING.planMemoryMb]: '30',
  [SETTING.planConnections]: '30',
  [SETTING.planOpsPerSecond]: '100',
  [SETTING.rotationStrategy]: 'acl',
};

describe('the bundle of every function', () => {
  it.each(FUNCTIONS)('%s starts by itself, without node_modules, within its budget', (name) => {
    const out = join(folder, name);
    bundleFunction(name, out);
    const path = join(out, 'index.js');
    const script = `process.stdout.write(typeof require(${JSON.stringify(path)}).handler); process.exit(0)`;
    const env = { PATH: process.env.PATH, ...SETTINGS };
    const type = execFileSync(process.execPath, ['-e', script], {
      cwd: out,
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(type).toBe('function');
    expect(readFileSync(path).length).toBeLessThanOrEqual(SIZE_BUDGET[name]);
    expect(existsSync(`${path}.map`)).toBe(false);
  });

  it('is the same, byte for byte, wherever it is written', () => {
    bundleFunction('backup', join(folder, 'once'));
    bundleFunction('backup', join(folder, 'deeper/down/twice'));
    const [once, twice] = ['once', 'deeper/down/twice'].map((each) =>
      readFileSync(join(folder, each, 'index.js'), 'utf8'),
    );
    expect(once).toBe(twice);
    expect(once).not.toContain(process.cwd());
  });

  it('keeps the names of errors, which logs and alarms speak of', () => {
    bundleFunction('lookup', join(folder, 'names'));
    expect(readFileSync(join(folder, 'names/index.js'), 'utf8')).toMatch(/"SourceUnavailable"/);
  });

  it('comes with a source map where one is asked for', () => {
    bundleFunction('secret-rotation', join(folder, 'mapped'), { sourceMap: true });
    const map = JSON.parse(readFileSync(join(folder, 'mapped/index.js.map'), 'utf8')) as {
      sources: string[];
    };
    expect(map.sources.some((source) => source.endsWith('secret-rotation/handler.ts'))).toBe(true);
  });
});
