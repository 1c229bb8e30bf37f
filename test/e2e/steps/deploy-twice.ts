import { equal, match } from 'node:assert/strict';
import type { Step } from '../step';

export const deployTwice: Step = {
  title: 'a second deployment changes nothing',
  async run({ checkout }) {
    const { code, output } = await checkout.npm('cdk:deploy:dev');
    equal(code, 0, output);
    match(output, /✓ unchanged/);
    const finished = [...output.matchAll(/✅ {2}(MedicalCodes-\S+)(.*)/g)];
    for (const [, stack, remark] of finished) equal(remark?.trim(), '(no changes)', stack);
    return finished.map(([, stack]) => stack).join(', ');
  },
};
