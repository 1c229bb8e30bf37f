import type { EnvironmentName } from '../../lambda/names/environments';
import type { EnvironmentConfig } from '../../lib/config/environments';

/** What the operator does after a deployment, most urgent first. */
export function nextSteps(
  environment: EnvironmentName,
  health: 'ok' | 'degraded',
  config: Pick<EnvironmentConfig, 'alarmEmail' | 'auth' | 'network'>,
): string {
  const steps =
    health === 'degraded'
      ? [
          `Publish a release, if there is none yet: npm run codes -- catalog build --env ${environment} …, then catalog publish.`,
          `If there is one, see what is out: npm run codes -- doctor --env ${environment}`,
        ]
      : [`See that all is well: npm run codes -- doctor --env ${environment}`];
  if (config.network !== undefined && config.network.peeringId === undefined) {
    steps.push('Ask for the peering with the VPC above, then set REDIS_PEERING_ID and deploy again.');
  }
  if (config.alarmEmail !== undefined) {
    steps.push(`Confirm the alarm subscription in the mailbox of ${config.alarmEmail}, once.`);
  }
  steps.push(
    config.auth.mode === 'jwt'
      ? `Call it with a token of ${config.auth.issuer}.`
      : 'Call it signed (SigV4); callers need execute-api:Invoke on this API.',
  );
  return ['Next', ...steps.map((text) => `  - ${text}`)].join('\n');
}
