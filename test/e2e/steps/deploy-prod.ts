import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { resourcesOf, type Template } from '../adaptation/template';
import { AUDIENCE } from '../issuer';
import { stackOutputs } from '../outputs';
import type { Step } from '../step';

const FUNCTION = 'AWS::Lambda::Function';

export const deployProd: Step = {
  title: 'prod deploys only when confirmed; its network comes first, its functions move in with the peering',
  async run(world) {
    const { checkout, canary, tlsPort, issuer } = world;
    const variables = {
      REDIS_CONNECTION_STRING: `rediss://default:${canary}@127.0.0.1:${tlsPort}`,
      JWT_ISSUER: issuer.url,
      JWT_AUDIENCE: AUDIENCE,
      REDIS_VPC_CIDR: '10.20.0.0/24',
      ROTATION_STRATEGY: 'acl',
      ALARM_EMAIL: 'oncall@example.com',
      RESERVED_CONCURRENCY: 'off',
    };
    checkout.writeVariables('prod', { ...variables, REDIS_PEERING_ID: 'pending' });
    const refused = await checkout.npm('cdk:deploy:prod');
    equal(refused.code, 2, `prod went ahead unasked: ${refused.output}`);
    match(refused.output, /Nobody is at a terminal/);

    const alone = await checkout.npm('cdk:deploy:prod', ['--yes']);
    equal(alone.code, 0, alone.output);
    const vpc = /VpcId +(vpc-\w+)/.exec(alone.output)?.[1];
    ok(vpc, alone.output);
    deepEqual(await networksOfFunctions(), ['none']);

    checkout.writeVariables('prod', { ...variables, REDIS_PEERING_ID: 'pcx-0123456789abcdef0' });
    const peered = await checkout.npm('cdk:deploy:prod', ['--yes']);
    equal(peered.code, 0, peered.output);
    deepEqual(await networksOfFunctions(), ['2 subnets']);
    world.outputs.prod = await stackOutputs('prod');
    equal(world.outputs.prod.VpcId, vpc);
    return `asked for with ${vpc}`;
  },
};

/**
 * What the functions of prod are in, each answer once. Read from the deployed templates: the emulator runs
 * functions beside itself and forgets their network.
 */
async function networksOfFunctions(): Promise<string[]> {
  const networks = new Set<string>();
  for (const part of ['Lookup', 'Operations']) {
    const { TemplateBody = '{}' } = await new CloudFormationClient({}).send(
      new GetTemplateCommand({ StackName: `MedicalCodes-prod-${part}` }),
    );
    for (const [, { Properties = {} }] of resourcesOf(JSON.parse(TemplateBody) as Template, FUNCTION)) {
      const network = Properties.VpcConfig as { SubnetIds: unknown[] } | undefined;
      networks.add(network === undefined ? 'none' : `${network.SubnetIds.length} subnets`);
    }
  }
  return [...networks];
}
