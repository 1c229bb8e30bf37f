import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Lets the flow log write into its group, and nothing else. */
export function flowLogRole(scope: Construct, logs: LogGroup): IRole {
  const role = new Role(scope, 'FlowLogRole', {
    assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com'),
  });
  new ManagedPolicy(scope, 'FlowLogPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        resources: [logs.logGroupArn],
      }),
    ],
  });
  return role.withoutPolicyUpdates();
}
