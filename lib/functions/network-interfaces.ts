import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Permission } from './permission';

const ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** What the Lambda service does in a function's name when the function joins a VPC. */
export const networkInterfaces: Permission = {
  sid: 'JoinVpc',
  actions: ACTIONS,
  resources: ['*'],
  wildcard: 'X-Ray and the network interfaces of Lambda accept no resource in their permissions.',
};

/** The same role runs the function's code, which has no business with network interfaces. */
export function denyCodeTheNetwork(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    sid: 'DenyCodeTheNetwork',
    effect: Effect.DENY,
    actions: ACTIONS,
    resources: ['*'],
    conditions: {
      ArnLike: {
        'lambda:SourceFunctionArn': Stack.of(scope).formatArn({
          service: 'lambda',
          resource: 'function',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    },
  });
}
