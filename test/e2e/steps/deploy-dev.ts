import { equal, match, ok } from 'node:assert/strict';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Api } from '../api';
import { AUDIENCE } from '../issuer';
import { stackOutputs } from '../outputs';
import { watchProcesses } from '../process-watch';
import type { Step } from '../step';

export const deployDev: Step = {
  title: 'npm run cdk:deploy:dev deploys dev, and no process is ever told the password',
  async run(world) {
    const { checkout, redis, issuer, emulator } = world;
    checkout.writeVariables('dev', {
      REDIS_CONNECTION_STRING: redis.connectionString,
      JWT_ISSUER: issuer.url,
      JWT_AUDIENCE: AUDIENCE,
      ALARM_EMAIL: 'oncall@example.com',
      ROTATION_STRATEGY: 'acl',
      // The free plan's 100 would make every step that reads all of Redis wait.
      PLAN_OPS_PER_SECOND: '5000',
    });
    const watch = watchProcesses(world.canary);
    const { code, output } = await checkout.npm('cdk:deploy:dev');
    const told = watch.stop();
    equal(code, 0, output);
    equal(told.length, 0, `told the password: ${told.join('; ')}`);
    match(output, /PONG in \d+ ms/);
    match(output, /put for the first time/);

    const outputs = await stackOutputs('dev');
    for (const name of ['ApiUrl', 'BucketName', 'RedisSecretArn', 'DashboardUrl']) {
      ok(outputs[name], `the output ${name} is missing`);
      ok(output.includes(outputs[name]), `the script does not report ${name}`);
    }
    equal(outputs.BucketName, 'foresight-dev-medical-codes');
    world.outputs.dev = outputs;
    world.api = new Api(outputs.ApiUrl ?? '', emulator.url);
    const secret = await new SecretsManagerClient({}).send(
      new GetSecretValueCommand({ SecretId: outputs.RedisSecretArn }),
    );
    equal(secret.SecretString, redis.connectionString);
    if (process.platform === 'linux') ok(watch.seen() > 10, 'the watch saw no processes');
    return `${watch.seen()} processes looked at`;
  },
};
