import { equal, match, ok } from 'node:assert/strict';
import type { Step } from '../step';

export const deployTwice: Step = {
  title: 'a second deployment changes nothing, as npm run cdk:diff:dev foretells',
  async run({ checkout }) {
    const difference = await checkout.npm('cdk:diff:dev');
    equal(difference.code, 0, difference.output);
    match(difference.output, /Number of stacks with differences: 0/);
    const { code, output } = await checkout.npm('cdk:deploy:dev');
    equal(code, 0, output);
    match(output, /✓ unchanged/);
    const finished = [...output.matchAll(/✅ {2}(MedicalCodes-\S+)(.*)/g)];
    ok(finished.length >= 4, `only ${finished.length} stacks reported: ${output}`);
    for (const [, stack, remark] of finished) equal(remark?.trim(), '(no changes)', stack);
    return finished.map(([, stack]) => stack).join(', ');
  },
};
