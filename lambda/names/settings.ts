/**
 * Names of the variables that the stacks give to the functions. Infrastructure writes them, handlers read
 * them, both from here.
 */
export const SETTING = {
  /** dev, staging or prod: the `Environment` dimension. */
  environment: 'MEDICAL_CODES_ENV',
  /** ARN of the secret that holds the Redis connection string; never the string itself. */
  redisSecretArn: 'REDIS_SECRET_ARN',
  /** Which database the secret leads to. Read by nobody: that it changes starts the functions anew. */
  redisAddressId: 'REDIS_ADDRESS_ID',
  /** URL of the object store, `s3://<bucket>` or `file:<dir>`. */
  catalogStore: 'CATALOG_STORE',
  /** `jwt` or `iam`; `none` is accepted by the local server alone. */
  authMode: 'AUTH_MODE',
  /** JWT claim that carries the caller's team. */
  teamClaim: 'TEAM_CLAIM',
  /** `off` stops counting uses per team. */
  usageCounting: 'USAGE_COUNTING',
  backupPrefix: 'BACKUP_PREFIX',
  backupRetentionDays: 'BACKUP_RETENTION_DAYS',
  planMemoryMb: 'PLAN_MEMORY_MB',
  planConnections: 'PLAN_CONNECTIONS',
  /** Operations per second of the plan; 0 means that the plan names none. */
  planOpsPerSecond: 'PLAN_OPS_PER_SECOND',
  /** `acl` (self-managed Redis) or `redis-cloud`. */
  rotationStrategy: 'ROTATION_STRATEGY',
  /** ARN of the secret with the Redis Cloud account's API keys, `{"accessKey","secretKey"}`. */
  redisCloudApiSecretArn: 'REDIS_CLOUD_API_SECRET_ARN',
  /** The two ACL users that take turns: `idA:nameA,idB:nameB`. */
  redisCloudAclUsers: 'REDIS_CLOUD_ACL_USERS',
  /** Another address of the Redis Cloud API. */
  redisCloudApiUrl: 'REDIS_CLOUD_API_URL',
} as const;

/** The claim that carries the caller's team unless TEAM_CLAIM names another. */
export const DEFAULT_TEAM_CLAIM = 'teamId';
