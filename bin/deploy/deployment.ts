import { redisSecretName } from '../../lambda/names';
import { type ConnectionTarget, parseConnectionString } from '../../lambda/redis/connection-string';
import { ConfigError } from '../../lib/config-error';
import { environmentConfig, type EnvironmentConfig } from '../../lib/environments';
import type { Variables } from '../../lib/variables';
import { checkAccount, type Account } from './account-check';
import type { DeployArguments } from './arguments';
import type { AwsAccess } from './aws-access';
import type { Cdk, CdkOptions } from './cdk-cli';
import { checkHealth, type Get } from './health';
import { planText, stepTitles } from './plan';
import { Progress, type Report } from './progress';
import { addressOf } from './redis-address';
import type { PingResult } from './redis-ping';
import { redisRefusal } from './redis-refusal';
import { Refused, StepFailed } from './refused';
import { nextSteps } from './next-steps';
import { syncSecret, usableString } from './secret-sync';
import { REPORTED_OUTPUTS, storageStack } from './stacks';

/** Everything outside this process that a deployment touches. */
export interface DeploymentHost {
  readonly report: Report;
  readonly aws: AwsAccess;
  cdk(options: Pick<CdkOptions, 'variables' | 'region'>): Cdk;
  ping(target: ConnectionTarget): Promise<PingResult>;
  get: Get;
  stacks(): string[];
  /** Resolves when the person agrees; throws Refused otherwise. */
  confirm(account: Account): Promise<void>;
}

/**
 * Deploys one environment, from checks that change nothing to the API's answer.
 * @throws ConfigError or Refused while nothing has changed; StepFailed afterwards
 */
export async function deploy(
  options: DeployArguments,
  variables: Variables,
  host: DeploymentHost,
): Promise<void> {
  const { environment } = options;
  const config = environmentConfig(environment, variables);
  const given = variables.REDIS_CONNECTION_STRING;
  const target = given === undefined ? undefined : parsedTarget(given);
  const { report, aws } = host;
  report.line(planText(config, options, target && addressOf(target), variables));
  for (const warning of config.warnings) report.line(`warning: ${warning}`);

  const titles = stepTitles(options);
  const progress = new Progress(report, titles.length);
  const step = (run: () => Promise<string | undefined>): Promise<void> =>
    progress.step(titles.shift() ?? '', run);

  await step(async () => {
    if (options.skipRedisCheck) return 'skipped';
    return target === undefined
      ? 'no string given: checked below, with the deployed one'
      : ping(host, target);
  });
  let effective = variables;
  let region: string | undefined;
  await step(async () => {
    const account = await checkAccount(aws, variables.CDK_DEFAULT_ACCOUNT, replicaRegions(config));
    region = account.region;
    if (given === undefined) effective = await withDeployedString(options, variables, host);
    await host.confirm(account);
    return `account ${account.account}, ${account.region}`;
  });
  const cdk = host.cdk({ variables: effective, region });
  await step(async () => {
    await cdk.synth();
    return host.stacks().join(', ');
  });
  await step(async () => {
    await cdk.deploy([storageStack(environment)]);
    return undefined;
  });
  await step(async () => {
    const { reason } = await syncSecret(aws, redisSecretName(environment), given, options.replaceRotated);
    return reason;
  });
  await step(async () => {
    await cdk.deploy(
      host.stacks().filter((name) => name !== storageStack(environment)),
      true,
    );
    return undefined;
  });
  await step(() => postCheck(options, config, host));
}

function parsedTarget(connectionString: string): ConnectionTarget {
  try {
    return parseConnectionString(connectionString);
  } catch (error) {
    const problem = error instanceof Error ? error.message.replace(/\.$/, '') : 'cannot be read';
    throw new ConfigError('REDIS_CONNECTION_STRING', problem, 'correct it');
  }
}

async function ping(host: DeploymentHost, target: ConnectionTarget): Promise<string> {
  const result = await host.ping(target);
  if (!result.ok) throw new Refused(redisRefusal(addressOf(target), result));
  return `PONG in ${result.milliseconds} ms`;
}

/** Later deployments may leave the string to the secret, as after a rotation they should. */
async function withDeployedString(
  options: DeployArguments,
  variables: Variables,
  host: DeploymentHost,
): Promise<Variables> {
  const stored = usableString(await host.aws.readSecret(redisSecretName(options.environment)));
  if (stored === undefined) {
    throw new ConfigError(
      'REDIS_CONNECTION_STRING',
      `is missing, and ${options.environment} has no secret yet that would hold one`,
      `set it in .env.${options.environment}; docs/redis-cloud.md says where to find it`,
    );
  }
  if (!options.skipRedisCheck) host.report.line(`      ${await ping(host, parsedTarget(stored))}`);
  return { ...variables, REDIS_CONNECTION_STRING: stored };
}

function replicaRegions(config: EnvironmentConfig): string[] {
  return config.replicaRegion === undefined ? [] : [config.replicaRegion];
}

/** Reads the outputs of all stacks, asks the API for its health and says what to do next. */
async function postCheck(
  { environment }: DeployArguments,
  config: EnvironmentConfig,
  host: DeploymentHost,
): Promise<string> {
  const { aws, report } = host;
  const outputs: Record<string, string> = {};
  for (const name of host.stacks()) Object.assign(outputs, await aws.stackOutputs(name));
  for (const name of REPORTED_OUTPUTS) report.line(`      ${name.padEnd(15)} ${outputs[name] ?? '–'}`);
  const { ApiUrl: apiUrl } = outputs;
  if (apiUrl === undefined)
    throw new StepFailed('No stack has the output ApiUrl, so nothing could be asked.');
  const health = await checkHealth(apiUrl, host.get);
  if (health.kind === 'failing') {
    throw new StepFailed(
      `Everything is deployed, but GET /v1/health ${health.detail}. See the log of the lookup function.`,
    );
  }
  report.line('');
  report.line(nextSteps(environment, health.kind, config));
  return `GET /v1/health: ${health.kind}`;
}
