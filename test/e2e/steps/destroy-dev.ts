import { equal } from 'node:assert/strict';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Step } from '../step';

export const destroyDev: Step = {
  title: 'npm run cdk:destroy:dev leaves nothing of dev, and of the others everything',
  async run({ checkout, outputs }) {
    const unconfirmed = await checkout.npm('cdk:destroy:dev');
    equal(unconfirmed.code, 2, unconfirmed.output);
    const protectedStacks = await checkout.npm('cdk:destroy:prod', ['--yes']);
    equal(protectedStacks.code, 2, protectedStacks.output);
    const before = (await stackNames()).filter((name) => !name.startsWith('MedicalCodes-dev-'));
    const { code, output } = await checkout.npm('cdk:destroy:dev', ['--yes']);
    equal(code, 0, output);
    equal((await stackNames()).join(), before.join());
    const bucket = outputs.dev?.BucketName;
    const head = new S3Client({ forcePathStyle: true }).send(new HeadBucketCommand({ Bucket: bucket }));
    equal(
      await head.then(
        () => 'there',
        () => 'gone',
      ),
      'gone',
    );
    return undefined;
  },
};

async function stackNames(): Promise<string[]> {
  const { Stacks = [] } = await new CloudFormationClient({}).send(new DescribeStacksCommand({}));
  return Stacks.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')
    .map(({ StackName }) => StackName ?? '')
    .sort();
}
