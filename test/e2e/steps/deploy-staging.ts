import { equal, match, ok } from 'node:assert/strict';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { SECOND_REGION } from '../emulator';
import { stackOutputs } from '../outputs';
import type { Step } from '../step';

export const deployStaging: Step = {
  title: 'staging deploys over TLS, with IAM, a replica, and its string from cdk.json',
  async run(world) {
    const { checkout, canary, tlsPort } = world;
    checkout.writeContext('staging', `rediss://default:${canary}@127.0.0.1:${tlsPort}`);
    checkout.writeVariables('staging', { REPLICA_REGION: SECOND_REGION, REDIS_CLOUD_BACKUPS: 'on' });
    const { code, output } = await checkout.npm('cdk:deploy:staging', ['--yes']);
    equal(code, 0, output);
    match(output, /warning: cdk\.json: .*do not commit it/);
    world.outputs.staging = await stackOutputs('staging');
    ok(world.outputs.staging.ApiUrl);
    const { Stacks = [] } = await new CloudFormationClient({ region: SECOND_REGION }).send(
      new DescribeStacksCommand({ StackName: 'MedicalCodes-staging-Replica' }),
    );
    equal(Stacks[0]?.StackStatus, 'CREATE_COMPLETE');
    return undefined;
  },
};
