import type { Command } from 'commander';
import type { CliContext } from '../context';
import type { SecretAge } from './patient';
import { EXIT } from '../terminal/failure';
import { action, addCommand } from '../program';
import { redisSource } from '../redis-source';

/** Adds `doctor`. */
export function registerDoctor(program: Command): void {
  addCommand(
    program,
    'doctor',
    'check Redis, its settings and limits, catalog, backups, secret and clock; exit code 1 when a check fails',
  ).action(action(doctorCommand));
}

async function doctorCommand(context: CliContext): Promise<void> {
  const [{ examine }, { render, summaryOf }, { environmentFigures }] = await Promise.all([
    import('./examine'),
    import('./render'),
    import('../environment-figures'),
  ]);
  const { plan, backup, problem } = await environmentFigures(context);
  const location = context.redisIfConfigured();
  const results = await examine({
    environment: context.environment,
    configurationProblem: problem,
    plan,
    backup,
    connectionString: async () => (await redisSource(context.redis())).current(),
    store: () => context.openStore(),
    secretAge: location?.kind === 'secret' ? () => secretAge(location.secretId) : undefined,
    now: () => new Date(),
    random: Math.random,
  });
  const summary = summaryOf(results);
  const healthy = summary.fail === 0;
  context.output.result({ healthy, environment: context.environment ?? null, summary, checks: results }, () =>
    render(results),
  );
  if (!healthy) process.exitCode = EXIT.failed;
}

async function secretAge(secretId: string): Promise<SecretAge> {
  const { DescribeSecretCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  const about = await client.send(new DescribeSecretCommand({ SecretId: secretId }));
  return {
    lastChanged: about.LastRotatedDate ?? about.LastChangedDate,
    rotationEnabled: about.RotationEnabled === true,
  };
}
