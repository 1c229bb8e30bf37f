import {
  bucketName,
  DEFAULT_BUCKET_PREFIX,
  type EnvironmentName,
  redisSecretName,
} from '../lambda/names/environments';
import type { ObjectStore } from '../lambda/store/object-store';
import { readEnvironmentFile } from './environment-file';
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

/** Without variables that are empty, which count as not set. */
function filled(variables: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
}

/**
 * What a command works on. With `--env` that is the environment's secret and bucket; without it Redis is
 * `REDIS_CONNECTION_STRING` and the store is `--store` or `CATALOG_STORE`.
 */
export class CliContext {
  readonly environment: EnvironmentName | undefined;
  /** The environment's variables: this process's, then those of `.env.<env>`. */
  readonly variables: Readonly<Record<string, string | undefined>>;

  constructor(
    private readonly options: SharedOptions,
    readonly output: Output,
  ) {
    this.environment = options.env;
    this.variables =
      options.env === undefined
        ? filled(process.env)
        : { ...filled(readEnvironmentFile(options.env)), ...filled(process.env) };
    // The AWS SDK reads these from the process alone. As in a deployment, the environment's own region comes first.
    const { CDK_DEFAULT_REGION, AWS_REGION, AWS_PROFILE } = this.variables;
    const region = CDK_DEFAULT_REGION ?? AWS_REGION;
    if (region !== undefined) process.env.AWS_REGION = region;
    if (AWS_PROFILE !== undefined) process.env.AWS_PROFILE = AWS_PROFILE;
  }

  /** @throws UsageError when neither `--env`, `--store` nor `CATALOG_STORE` names a store. */
  storeUrl(): string {
    if (this.options.store !== undefined) return this.options.store;
    if (this.environment !== undefined) {
      return `s3://${bucketName(this.variables.BUCKET_PREFIX ?? DEFAULT_BUCKET_PREFIX, this.environment)}`;
    }
    const url = this.variables.CATALOG_STORE;
    if (url !== undefined && url !== '') return url;
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
    return connectionString === undefined || connectionString === ''
      ? undefined
      : { kind: 'value', connectionString };
  }
}
