import { equal } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../step';

export const lint: Step = {
  title: 'cfn-lint finds nothing in the templates of all environments',
  async run({ checkout, pythonBin }) {
    const templates = ['dev', 'staging', 'prod'].flatMap((environment) => {
      const folder = join(checkout.folder, 'cdk.out', environment);
      return readdirSync(folder)
        .filter((name) => name.endsWith('.template.json'))
        .map((name) => join(folder, name));
    });
    // W3005: the CDK writes a function's role into DependsOn as well.
    const words = ['--ignore-checks', 'W3005', '--', ...templates];
    const { code, output } = await checkout.run(join(pythonBin, 'cfn-lint'), words);
    equal(code, 0, output);
    return `${templates.length} templates`;
  },
};
