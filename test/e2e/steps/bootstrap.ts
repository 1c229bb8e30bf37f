import { equal } from 'node:assert/strict';
import { ACCOUNT, REGION, SECOND_REGION } from '../emulator';
import type { Step } from '../step';

export const bootstrap: Step = {
  title: 'an empty account is refused with the command that prepares it, and that command works',
  async run({ checkout, redis }) {
    checkout.writeVariables('dev', { REDIS_CONNECTION_STRING: redis.connectionString });
    const refused = await checkout.npm('cdk:deploy:dev');
    equal(refused.code, 2, refused.output);
    const command = /npx (cdk bootstrap aws:\S+)/.exec(refused.output)?.[1];
    equal(command, `cdk bootstrap aws://${ACCOUNT}/${REGION}`);
    const [, ...words] = command.split(' ');
    const { code, output } = await checkout.run('node_modules/.bin/cdk', [
      ...words,
      `aws://${ACCOUNT}/${SECOND_REGION}`,
    ]);
    equal(code, 0, output);
    return undefined;
  },
};
