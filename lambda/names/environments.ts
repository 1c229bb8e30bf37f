/** Names that the stacks, the functions and the operator's CLI must agree on. */

export const ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** First part of bucket names unless `BUCKET_PREFIX` says otherwise. */
export const DEFAULT_BUCKET_PREFIX = 'foresight';

/** The environment's one bucket: catalog, teams' lists and backups. */
export function bucketName(prefix: string, environment: EnvironmentName): string {
  return `${prefix}-${environment}-medical-codes`;
}

/** Secrets Manager name of the environment's Redis connection string. */
export function redisSecretName(environment: EnvironmentName): string {
  return `medical-codes/${environment}/redis`;
}
