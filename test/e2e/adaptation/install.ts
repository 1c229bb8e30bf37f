import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Puts our `cdk` in front of the real one for npm's scripts alone. npm puts `node_modules/.bin` in front of any
 * PATH it is given, so the shell that it runs scripts with does it. Returns the variables that switch this on.
 */
export function installAdaptation(root: string, folder: string): Record<string, string> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const shim = join(root, 'test/e2e/adaptation/cdk.ts');
  const executable = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o755 });
  executable(join(bin, 'cdk'), `#!/bin/sh\nexec node --import tsx '${shim}' "$@"\n`);
  executable(join(folder, 'shell'), `#!/bin/sh\nPATH='${bin}':"$PATH" exec /bin/sh "$@"\n`);
  return {
    npm_config_script_shell: join(folder, 'shell'),
    E2E_REAL_CDK: join(root, 'node_modules/.bin/cdk'),
    E2E_JOURNAL: join(folder, 'adaptations.jsonl'),
  };
}
