import { redisSecretName } from '../../lambda/names/environments';
import type { ConnectionTarget } from '../../lambda/redis/connection-string';
import { environmentConfig, type EnvironmentConfig } from '../../lib/config/environments';
import { redisTarget } from '../../lib/config/redis-endpoint';
import type { Variables } from '../../lib/config/variables';
import { checkAccount, type Account } from './account-check';
import type { DeployArguments } from './arguments';
import type { AwsAccess } from './aws-access';
import type { Cdk, CdkOptions } from './cdk-cli';
import { checkHealth, type Get } from './health';
import { planText, stepTitles } from './plan';
import type { Output } from '../../cli/terminal/output';
import { Steps } from '../../cli/terminal/steps';
import { addressOf } from './redis-address';
import type { PingResult } from './redis-ping';
import { checkGivenString, checkString, deployedString } from './redis-check';
import { StepFailed } from '../../cli/terminal/failure';
import { nextSteps } from './next-steps';
import { syncSecret } from './secret-sync';
import { REPORTED_OUTPUTS, storageStack } from './stacks';

/** Everything outside this process that a deployment touches. */
export interface DeploymentHost {
  /** Where the deployment's words go. */
  readonly output: Pick<Output, 'note' | 'warn'>;
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
  const target = given === undefined ? undefined : redisTarget(given);
  const { output, aws } = host;
  output.note(planText(config, options, target && addressOf(target), variables));
  for (const warning of config.warnings) output.warn(warning);

  const titles = stepTitles(options);
  const steps = new Steps(output, titles.length);
  const step = (run: () => Promise<string | undefined>): Promise<void> =>
    steps.step(titles.shift() ?? '', run);

  await step(async () => {
    if (options.skipRedisCheck) return 'skipped';
    if (given === undefined) return 'no string given: checked below, with the deployed one';
    return checkGivenString(options, given, host);
  });
  let effective = variables;
  let region: string | undefined;
  await step(async () => {
    const account = await checkAccount(aws, variables.CDK_DEFAULT_ACCOUNT, replicaRegions(config));
    region = account.region;
    if (given === undefined) {
      const deployed = await deployedString(options, aws);
      if (!options.skipRedisCheck) output.note(`      ${await checkString(deployed, host)}`);
      effective = { ...variables, REDIS_CONNECTION_STRING: deployed };
    }
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

function replicaRegions(config: EnvironmentConfig): string[] {
  return config.replicaRegion === undefined ? [] : [config.replicaRegion];
}

/** Reads the outputs of all stacks, asks the API for its health and says what to do next. */
async function postCheck(
  { environment }: DeployArguments,
  config: EnvironmentConfig,
  host: DeploymentHost,
): Promise<string> {
  const { aws, output } = host;
  const outputs: Record<string, string> = {};
  for (const name of host.stacks()) Object.assign(outputs, await aws.stackOutputs(name));
  for (const name of REPORTED_OUTPUTS) output.note(`      ${name.padEnd(15)} ${outputs[name] ?? '–'}`);
  // Only while there is a network, and needed once, to ask for the peering.
  if (outputs.VpcId !== undefined) output.note(`      ${'VpcId'.padEnd(15)} ${outputs.VpcId}`);
  const { ApiUrl: apiUrl } = outputs;
  if (apiUrl === undefined)
    throw new StepFailed('No stack has the output ApiUrl, so nothing could be asked.');
  const health = await checkHealth(apiUrl, host.get);
  if (health.kind === 'failing') {
    throw new StepFailed(
      `Everything is deployed, but GET /v1/health ${health.detail}. See the log of the lookup function.`,
    );
  }
  output.note('');
  output.note(nextSteps(environment, health.kind, config));
  return `GET /v1/health: ${health.kind}`;
}
