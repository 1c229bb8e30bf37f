import {
  bucketName,
  DEFAULT_BUCKET_PREFIX,
  type EnvironmentName,
  redisSecretName,
} from '../lambda/names/environments';
import type { ObjectStore } from '../lambda/store/object-store';
import { awsVariables, environmentVariables, given } from '../lib/config/environment-files';
import { parseVariable, type Variables } from '../lib/config/variables';
import { UsageError } from './terminal/failure';
import type { Output } from './terminal/output';

export interface SharedOptions {
  env?: EnvironmentName;
  json?: boolean;
  store?: string;
}

/** Where a command finds Redis: a secret of an environment, or the string in a variable of this process. */
export type RedisLocation =
  { kind: 'secret'; secretId: string } | { kind: 'value'; connectionString: string };

/** As the person started this process: a command over two environments must not take one's region for the other's. */
const OWN_VARIABLES: Variables = { ...process.env };

function variablesOf(environment: EnvironmentName, output: Output): Variables {
  const sources = { directory: process.cwd(), processVariables: OWN_VARIABLES };
  const { variables, warnings } = environmentVariables(environment, sources);
  for (const warning of warnings) output.warn(warning);
  return variables;
}

/**
 * What a command works on. With `--env` that is the environment's secret and bucket; without it Redis is
 * `REDIS_CONNECTION_STRING` and the store is `--store` or `CATALOG_STORE`.
 */
export class CliContext {
  readonly environment: EnvironmentName | undefined;
  /** As a deployment finds them: this process's, then those of `.env.<env>`. */
  readonly variables: Variables;

  /** @throws ConfigError when `.env.<env>` cannot be understood */
  constructor(
    private readonly options: SharedOptions,
    readonly output: Output,
  ) {
    const { env } = options;
    this.environment = env;
    this.variables = env === undefined ? given(OWN_VARIABLES) : variablesOf(env, output);
    // Profile and region may stand in the file; the AWS SDK reads them from the process alone.
    Object.assign(process.env, awsVariables(this.variables));
  }

  /** @throws UsageError when neither `--env`, `--store` nor `CATALOG_STORE` names a store; ConfigError */
  storeUrl(): string {
    if (this.options.store !== undefined) return this.options.store;
    if (this.environment !== undefined) {
      const prefix = parseVariable('BUCKET_PREFIX', this.variables) ?? DEFAULT_BUCKET_PREFIX;
      return `s3://${bucketName(prefix, this.environment)}`;
    }
    const url = this.variables.CATALOG_STORE;
    if (url !== undefined) return url;
    throw new UsageError(
      'No store named: pass --env dev|staging|prod or --store <url>, or set CATALOG_STORE.',
    );
  }

  async openStore(): Promise<ObjectStore> {
    const { openStore } = await import('../lambda/store/open-store');
    return openStore(this.storeUrl());
  }

  /** @throws UsageError when neither `--env` nor `REDIS_CONNECTION_STRING` says where Redis is. */
  redis(): RedisLocation {
    const location = this.redisIfConfigured();
    if (location !== undefined) return location;
    throw new UsageError('No Redis named: pass --env dev|staging|prod, or set REDIS_CONNECTION_STRING.');
  }

  redisIfConfigured(): RedisLocation | undefined {
    if (this.environment !== undefined)
      return { kind: 'secret', secretId: redisSecretName(this.environment) };
    const connectionString = this.variables.REDIS_CONNECTION_STRING;
    return connectionString === undefined ? undefined : { kind: 'value', connectionString };
  }
}
