import type { EnvironmentConfig } from '../../lib/config/environments';
import type { Variables } from '../../lib/config/variables';
import type { DeployArguments } from './arguments';
import { storageStack } from './stacks';
import { addressText, type RedisAddress } from './redis-address';

/** Title of every step, in the order they run. */
export function stepTitles(options: Pick<DeployArguments, 'environment' | 'skipRedisCheck'>): string[] {
  const { environment, skipRedisCheck } = options;
  return [
    skipRedisCheck ? 'Redis: not checked (--skip-redis-check)' : 'Redis: does it answer PING?',
    'AWS: right account, ready for the CDK?',
    'Synthesize the stacks and bundle the functions',
    `Deploy ${storageStack(environment)}`,
    'Secret: put the connection string in, if it changed',
    `Deploy the other stacks of ${environment}`,
    'Check: does the API answer?',
  ];
}

/** What is about to happen, for a person who may still stop it. No secret is part of it. */
export function planText(
  config: EnvironmentConfig,
  options: DeployArguments,
  redis: RedisAddress | undefined,
  variables: Variables,
): string {
  const facts: [string, string][] = [
    ['account', variables.CDK_DEFAULT_ACCOUNT ?? 'that of the AWS credentials'],
    ['region', variables.CDK_DEFAULT_REGION ?? 'that of the AWS configuration'],
    ['redis', redis === undefined ? 'as the deployed secret says' : addressText(redis)],
    ['bucket', config.bucketName],
    ['replica', config.replicaRegion ?? 'none'],
    ['network', networkText(config)],
    ['callers', config.auth.mode === 'jwt' ? `JWT of ${config.auth.issuer}` : 'IAM (SigV4)'],
    ['backups', config.backup.schedule ?? 'on demand'],
    ['rotation', config.rotation.strategy],
    ['alarms to', config.alarmEmail ?? 'a topic without subscribers (set ALARM_EMAIL)'],
  ];
  return [
    `Deploying medical-codes to ${config.name}`,
    ...facts.map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    '',
    'Steps',
    ...stepTitles(options).map((title, index) => `  ${index + 1}. ${title}`),
  ].join('\n');
}

function networkText({ network }: EnvironmentConfig): string {
  if (network === undefined) return 'public endpoints';
  return network.peeringId === undefined
    ? 'a VPC to ask the peering for; until then public endpoints'
    : `VPC, ${network.peeringId}`;
}
