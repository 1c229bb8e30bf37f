import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { AUDIENCE } from '../issuer';
import { DeployedFunction } from '../functions';
import type { Step } from '../step';
import { deployedApi, type World } from '../world';

const FINISHED_WITHIN_MS = 60_000;

export const rotate: Step = {
  title: 'a rotation under load fails no lookup, and later deployments keep the new password',
  async run(world) {
    const { outputs, redis, canary, checkout, issuer } = world;
    const secrets = new SecretsManagerClient({});
    const SecretId = outputs.dev?.RedisSecretArn;
    const load = startLoad(world);
    const { arn } = await DeployedFunction.find('dev', 'secret-rotation');
    await secrets.send(
      new RotateSecretCommand({ SecretId, RotationLambdaARN: arn, RotateImmediately: true }),
    );
    await finished(secrets, SecretId);
    await sleep(2_000);
    const { statuses, lookups } = await load.stop();
    deepEqual([...statuses], [200]);

    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    const rotated = decodeURIComponent(new URL(SecretString).password);
    notEqual(rotated, canary);
    ok(rotated.length >= 20);
    world.secrets.push(rotated);

    const old = await checkout.npm('cdk:deploy:dev');
    equal(old.code, 2, old.output);
    match(old.output, /refuses user or password.*rotat/);
    ok(!old.output.includes(redis.connectionString));
    checkout.writeVariables('dev', {
      JWT_ISSUER: issuer.url,
      JWT_AUDIENCE: AUDIENCE,
      ALARM_EMAIL: 'oncall@example.com',
      ROTATION_STRATEGY: 'acl',
    });
    const kept = await checkout.npm('cdk:deploy:dev');
    equal(kept.code, 0, kept.output);
    const after = await secrets.send(new GetSecretValueCommand({ SecretId }));
    equal(after.SecretString, SecretString);
    return `${lookups} lookups meanwhile, all answered`;
  },
};

interface Load {
  stop(): Promise<{ statuses: Set<number>; lookups: number }>;
}

/** Lookups one after another, of codes that process memory does not hold each time. */
function startLoad(world: World): Load {
  const api = deployedApi(world);
  const token = world.issuer.token({ teamId: 'demo' });
  const codes = ['Z00.00', 'E11.9', 'E10.9', 'I10', 'J45.909'];
  const statuses = new Set<number>();
  let lookups = 0;
  let stopped = false;
  const work = async (): Promise<void> => {
    while (!stopped) {
      const { status } = await api.call(`/v1/icd10/${codes[lookups % codes.length] ?? ''}`, { token });
      statuses.add(status);
      lookups += 1;
      await sleep(20);
    }
  };
  const workers = [work(), work()];
  return {
    async stop() {
      stopped = true;
      await Promise.all(workers);
      return { statuses, lookups };
    },
  };
}

async function finished(secrets: SecretsManagerClient, SecretId: string | undefined): Promise<void> {
  const deadline = Date.now() + FINISHED_WITHIN_MS;
  for (;;) {
    const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
    const stages = Object.values(VersionIdsToStages).flat();
    if (stages.includes('AWSPREVIOUS') && !stages.includes('AWSPENDING')) return;
    const current = Object.values(VersionIdsToStages).find((each) => each.includes('AWSCURRENT')) ?? [];
    if (current.includes('AWSPENDING') && stages.includes('AWSPREVIOUS')) return;
    if (Date.now() > deadline)
      throw new Error(`the rotation did not finish: ${JSON.stringify(VersionIdsToStages)}`);
    await sleep(300);
  }
}
