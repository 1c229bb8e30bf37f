import { equal, ok } from 'node:assert/strict';
import { SECOND_REGION } from '../emulator';
import { AUDIENCE } from '../issuer';
import { stackOutputs } from '../outputs';
import type { Step } from '../step';

export const deployOthers: Step = {
  title: 'staging (IAM, replica) and prod (JWT, peered network, rotation) deploy too',
  async run(world) {
    const { checkout, canary, tlsPort, issuer } = world;
    const connectionString = `rediss://default:${canary}@127.0.0.1:${tlsPort}`;
    checkout.writeContext('staging', connectionString);
    checkout.writeVariables('staging', {
      REPLICA_REGION: SECOND_REGION,
      REDIS_CLOUD_BACKUPS: 'on',
    });
    checkout.writeVariables('prod', {
      REDIS_CONNECTION_STRING: connectionString,
      JWT_ISSUER: issuer.url,
      JWT_AUDIENCE: AUDIENCE,
      REDIS_PEERING_ID: 'pcx-0123456789abcdef0',
      REDIS_VPC_CIDR: '10.20.0.0/24',
      ROTATION_STRATEGY: 'acl',
      ALARM_EMAIL: 'oncall@example.com',
      RESERVED_CONCURRENCY: 'off',
    });
    const refused = await checkout.npm('cdk:deploy:prod');
    equal(refused.code, 2, `prod went ahead unasked: ${refused.output}`);
    for (const environment of ['staging', 'prod'] as const) {
      const { code, output } = await checkout.npm(`cdk:deploy:${environment}`, ['--yes']);
      equal(code, 0, output);
      equal(/do not commit it/.test(output), environment === 'staging');
      world.outputs[environment] = await stackOutputs(environment);
      ok(world.outputs[environment].ApiUrl);
    }
    return undefined;
  },
};
