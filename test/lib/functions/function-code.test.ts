import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTIONS } from '../../../lambda/names/functions';
import { environmentConfig } from '../../../lib/config/environments';
import { addEnvironment } from '../../../lib/medical-codes';
import { app } from '../synthesis';
import type { Resource } from '../templates';

jest.setTimeout(240_000);

/** Code of every function as it would be uploaded, by the function's description. */
function bundles(): { directory: string; code: Map<string, string> } {
  const it = app({ bundled: true });
  addEnvironment(it, environmentConfig('dev', { ROTATION_STRATEGY: 'acl' }));
  const assembly = it.synth();
  const code = new Map<string, string>();
  for (const part of ['Lookup', 'Operations']) {
    const { template } = assembly.getStackByName(`MedicalCodes-dev-${part}`) as {
      template: { Resources: Record<string, Resource> };
    };
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const hash = (Properties.Code.S3Key as string).replace('.zip', '');
      code.set(Properties.Description as string, join(assembly.directory, `asset.${hash}`, 'index.js'));
    }
  }
  return { directory: assembly.directory, code };
}

describe('the code of the functions', () => {
  const { directory, code } = bundles();
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('is there for each, and for each its own', () => {
    expect([...code.keys()].sort()).toEqual(FUNCTIONS.map((name) => `medical-codes dev: ${name}`).sort());
    expect(new Set(code.values()).size).toBe(FUNCTIONS.length);
    for (const file of code.values()) expect(existsSync(file)).toBe(true);
  });

  it('is the same again for the same sources, so that nothing is deployed twice', () => {
    const again = bundles();
    const hashes = (of: Map<string, string>) =>
      [...of.values()].map((file) => /asset\.(\w+)/.exec(file)?.[1]).sort();
    expect(hashes(again.code)).toEqual(hashes(code));
    rmSync(again.directory, { recursive: true, force: true });
  });
});
