import type { Command } from 'commander';
import { ConfigError } from '../../lib/config/config-error';
import type { CliContext } from '../context';
import { type EnvironmentFigures, environmentFigures } from '../environment-figures';
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
  const [{ examine }, { render, summaryOf }, { problem, ...figures }] = await Promise.all([
    import('./examine'),
    import('./examination-text'),
    figuresOf(context),
  ]);
  const location = context.redisIfConfigured();
  const results = await examine({
    environment: context.environment,
    configurationProblem: problem,
    ...figures,
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

/** The environment's figures; where a variable is wrong, what is wrong and the figures without variables. */
async function figuresOf(context: CliContext): Promise<EnvironmentFigures & { problem: string | undefined }> {
  try {
    return { ...(await environmentFigures(context)), problem: undefined };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { environment } = context;
    return { ...(await environmentFigures({ environment, variables: {} })), problem: error.message };
  }
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
