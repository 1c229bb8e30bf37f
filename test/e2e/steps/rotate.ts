import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { record } from '../adaptation/adapted-copy';
import { ROTATE_SECRET } from '../adaptation/adaptations';
import { Redis } from 'ioredis';
import { AUDIENCE } from '../issuer';
import { DeployedFunction } from '../functions';
import type { Step } from '../step';
import { deployedApi, type World } from '../world';

export const rotate: Step = {
  title: 'a rotation under load fails no lookup, and later deployments keep the new password',
  async run(world) {
    const { outputs, redis, canary, checkout, issuer, journal } = world;
    const secrets = new SecretsManagerClient({});
    const SecretId = outputs.dev?.RedisSecretArn;
    const rotation = await DeployedFunction.find('dev', 'secret-rotation');
    const load = startLoad(world);
    try {
      await rotateNow(secrets, SecretId, rotation);
      record(journal, { name: ROTATE_SECRET.name, template: 'none', ids: [SecretId ?? ''] });
      await dropConnections(await currentString(secrets, SecretId));
      // Long enough for every process to have come back.
      await sleep(3_000);
    } finally {
      await load.stop();
    }
    const { statuses, lookups } = await load.stop();
    deepEqual([...statuses], [200]);

    const SecretString = await currentString(secrets, SecretId);
    await servedByRedis(world);
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
    const difference = await checkout.npm('cdk:diff:dev');
    ok(!difference.output.includes('REDIS_ADDRESS_ID'), difference.output);
    equal(difference.code, 0, difference.output);
    const kept = await checkout.npm('cdk:deploy:dev');
    equal(kept.code, 0, kept.output);
    equal(await currentString(secrets, SecretId), SecretString);
    return `${lookups} lookups meanwhile, all answered`;
  },
};

async function currentString(secrets: SecretsManagerClient, SecretId: string | undefined): Promise<string> {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return SecretString;
}

/** Makes every process connect again, where only the new password is let in. */
async function dropConnections(connectionString: string): Promise<void> {
  const redis = new Redis(connectionString, { maxRetriesPerRequest: 1 });
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  redis.disconnect();
}

/** The functions have found the new password: a code that nobody has asked for yet does not go past Redis. */
async function servedByRedis(world: World): Promise<void> {
  const token = world.issuer.token({ teamId: 'demo' });
  const outcomes: string[] = [];
  for (const code of ['E10.65', 'E11.65', 'I11.0', 'J45.901', 'M54.50', 'R05.9', 'Z23']) {
    const { headers } = await deployedApi(world).call(`/v1/icd10/${code}`, { token });
    outcomes.push(String(headers['x-cache']));
  }
  match(outcomes.join(), /miss|redis/);
}

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

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** Begins a rotation and, as Secrets Manager does, calls the function with each step. */
async function rotateNow(
  secrets: SecretsManagerClient,
  SecretId: string | undefined,
  rotation: DeployedFunction,
): Promise<void> {
  await secrets.send(new RotateSecretCommand({ SecretId, RotationLambdaARN: rotation.arn }));
  const token = randomUUID();
  const pending = { SecretId, ClientRequestToken: token, VersionStages: ['AWSPENDING'] };
  // A version without a value is what the first step finds.
  await secrets.send(new PutSecretValueCommand(pending));
  for (const Step of STEPS) {
    const { failed, payload } = await rotation.invoke({ SecretId, ClientRequestToken: token, Step });
    ok(!failed, `${Step}: ${JSON.stringify(payload)}`);
  }
  const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  ok(VersionIdsToStages[token]?.includes('AWSCURRENT'), JSON.stringify(VersionIdsToStages));
}
