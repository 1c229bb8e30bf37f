import { bucketName, DEFAULT_BUCKET_PREFIX, type EnvironmentName } from '../../lambda/names/environments';
import { DEFAULT_TEAM_CLAIM } from '../../lambda/names/settings';
import { ConfigError } from './config-error';
import { checkedCron, longestGapHours } from './cron';
import { checkedLifecycle, type BackupLifecycle } from './lifecycle';
import { networkConfig, type NetworkConfig } from './network';
import { concurrencyShares, throttle, type ConcurrencyShares, type Plan, type Throttle } from './plan';
import { redisEndpoint, UNKNOWN_ENDPOINT, type RedisEndpoint } from './redis-endpoint';
import { rotationConfig, type RotationConfig } from './rotation';
import { parseVariables, remedy, type ParsedVariables, type Variables } from './variables';

/** What differs between environments by design; what differs by account comes from variables. */
interface EnvironmentDefaults {
  readonly plan: Plan;
  readonly backup: {
    readonly prefix: string;
    /** Undefined: on demand only. */
    readonly schedule?: string;
    /** S3 Object Lock, governance: no deletion before so many days. */
    readonly retentionDays: number;
    /** The BackupAge alarm rings above so many hours. */
    readonly maxAgeHours?: number;
  };
  readonly lifecycle: BackupLifecycle;
  /** Most lookups at once, whatever the plan would carry: three environments share an account's 1000. */
  readonly lookupCeiling: number;
  /** Most requests a second, whatever the plan would carry. */
  readonly rateCeiling: number;
  readonly p99LatencyMs: number;
  readonly logRetentionDays: 30 | 90 | 365;
  /** Days between rotations of the Redis password, where a strategy is set. */
  readonly rotationDays?: number;
  /** Stateful resources outlive their stack. */
  readonly retain: boolean;
  readonly terminationProtection: boolean;
}

const SHORT_LIFECYCLE: BackupLifecycle = { infrequentAccessDays: 30, expireDays: 90, noncurrentDays: 30 };

export const ENVIRONMENT_DEFAULTS: Readonly<Record<EnvironmentName, EnvironmentDefaults>> = {
  dev: {
    plan: { memoryMb: 30, connections: 30, opsPerSecond: 100, monthlyUsd: 0 },
    backup: { prefix: 'backups/redis/dev/', retentionDays: 7 },
    lifecycle: SHORT_LIFECYCLE,
    lookupCeiling: 100,
    rateCeiling: 500,
    p99LatencyMs: 3000,
    logRetentionDays: 30,
    retain: false,
    terminationProtection: false,
  },
  staging: {
    plan: { memoryMb: 100, connections: 256, opsPerSecond: 1000, monthlyUsd: 7 },
    backup: {
      prefix: 'backups/redis/daily/',
      schedule: 'cron(0 3 * * ? *)',
      retentionDays: 7,
      maxAgeHours: 25,
    },
    lifecycle: SHORT_LIFECYCLE,
    lookupCeiling: 200,
    rateCeiling: 1000,
    p99LatencyMs: 1500,
    logRetentionDays: 90,
    retain: true,
    terminationProtection: false,
  },
  prod: {
    plan: { memoryMb: 500, connections: 1024, opsPerSecond: 0, monthlyUsd: 15 },
    backup: {
      prefix: 'backups/redis/hourly/',
      schedule: 'cron(0 0/4 * * ? *)',
      retentionDays: 30,
      maxAgeHours: 4.5,
    },
    lifecycle: { infrequentAccessDays: 30, glacierDays: 90, expireDays: 365, noncurrentDays: 30 },
    lookupCeiling: 500,
    rateCeiling: 2000,
    p99LatencyMs: 1000,
    logRetentionDays: 365,
    rotationDays: 90,
    retain: true,
    terminationProtection: true,
  },
};

export type AuthConfig =
  | { readonly mode: 'jwt'; readonly issuer: string; readonly audience: readonly string[] }
  | { readonly mode: 'iam' };

/** All that the stacks of one environment need. It holds no secret, so no stack can leak one. */
export interface EnvironmentConfig extends Omit<EnvironmentDefaults, 'lookupCeiling' | 'rateCeiling'> {
  readonly name: EnvironmentName;
  readonly account?: string;
  readonly region?: string;
  readonly bucketName: string;
  readonly redis: RedisEndpoint;
  /** Undefined when reserved concurrency is switched off. */
  readonly concurrency?: ConcurrencyShares;
  readonly throttle: Throttle;
  readonly auth: AuthConfig;
  readonly teamClaim: string;
  readonly usageCounting: boolean;
  /** Undefined without peering: the functions then run outside any VPC. */
  readonly network?: NetworkConfig;
  readonly replicaRegion?: string;
  /** Redis Cloud may write its own backups into the bucket. */
  readonly redisCloudBackups: boolean;
  readonly rotation: RotationConfig;
  readonly alarmEmail?: string;
  /** Worth saying, not worth stopping for. */
  readonly warnings: readonly string[];
}

/**
 * The configuration of one environment from its variables. Throws ConfigError for the first value that
 * cannot be used; with no variable at all it is the table above, which needs no account and no secret.
 */
export function environmentConfig(name: EnvironmentName, variables: Variables): EnvironmentConfig {
  const parsed = parseVariables(variables);
  const { lookupCeiling, rateCeiling, ...defaults } = checkedDefaults(ENVIRONMENT_DEFAULTS[name]);
  const plan: Plan = {
    ...defaults.plan,
    memoryMb: parsed.PLAN_MEMORY_MB ?? defaults.plan.memoryMb,
    connections: parsed.PLAN_CONNECTIONS ?? defaults.plan.connections,
    opsPerSecond: parsed.PLAN_OPS_PER_SECOND ?? defaults.plan.opsPerSecond,
  };
  const connectionString = parsed.REDIS_CONNECTION_STRING;
  const redis = connectionString === undefined ? UNKNOWN_ENDPOINT : redisEndpoint(connectionString, name);
  const network = networkConfig(parsed);
  if (network && connectionString === undefined) {
    throw new ConfigError(
      'REDIS_CONNECTION_STRING',
      'is missing although REDIS_PEERING_ID is set: the security group needs its port',
      'set it; without user and password it is enough to synthesize',
    );
  }
  const shares = concurrencyShares(plan.connections, lookupCeiling);
  return {
    ...defaults,
    name,
    plan,
    redis,
    bucketName: bucketName(parsed.BUCKET_PREFIX ?? DEFAULT_BUCKET_PREFIX, name),
    throttle: throttle(plan, rateCeiling),
    auth: auth(parsed),
    teamClaim: parsed.TEAM_CLAIM ?? DEFAULT_TEAM_CLAIM,
    usageCounting: parsed.USAGE_COUNTING ?? true,
    redisCloudBackups: parsed.REDIS_CLOUD_BACKUPS ?? false,
    rotation: rotationConfig(parsed, network?.peeringId !== undefined),
    warnings: redis.tls
      ? []
      : ['REDIS_CONNECTION_STRING: has no TLS; use it for samples only, never for real traffic'],
    ...(parsed.RESERVED_CONCURRENCY === false ? {} : { concurrency: shares }),
    ...(network && { network }),
    ...(parsed.CDK_DEFAULT_ACCOUNT && { account: parsed.CDK_DEFAULT_ACCOUNT }),
    ...(parsed.CDK_DEFAULT_REGION && { region: parsed.CDK_DEFAULT_REGION }),
    ...replication(parsed),
    ...(parsed.ALARM_EMAIL && { alarmEmail: parsed.ALARM_EMAIL }),
  };
}

function auth(parsed: ParsedVariables): AuthConfig {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = parsed;
  if (issuer === undefined && audience === undefined) return { mode: 'iam' };
  if (issuer === undefined) {
    throw new ConfigError('JWT_ISSUER', 'is missing although JWT_AUDIENCE is set', remedy('JWT_ISSUER'));
  }
  if (audience === undefined) {
    throw new ConfigError('JWT_AUDIENCE', 'is missing although JWT_ISSUER is set', remedy('JWT_AUDIENCE'));
  }
  return { mode: 'jwt', issuer, audience };
}

function replication(parsed: ParsedVariables): { replicaRegion?: string } {
  const { REPLICA_REGION: replicaRegion, CDK_DEFAULT_REGION: region } = parsed;
  if (replicaRegion === undefined) return {};
  if (region === undefined) {
    throw new ConfigError(
      'CDK_DEFAULT_REGION',
      'is missing although REPLICA_REGION is set',
      'name the region of the bucket itself, for example us-east-1',
    );
  }
  if (region === replicaRegion) {
    throw new ConfigError('REPLICA_REGION', 'is the region of the bucket itself', 'name another region');
  }
  return { replicaRegion };
}

/** The table is ours, but a later edit must not wait for AWS to find its mistake. */
function checkedDefaults(defaults: EnvironmentDefaults): EnvironmentDefaults {
  const { schedule, maxAgeHours, retentionDays } = defaults.backup;
  checkedLifecycle(defaults.lifecycle, retentionDays);
  if (schedule === undefined) return defaults;
  const gap = longestGapHours(checkedCron(schedule));
  if (gap !== undefined && maxAgeHours !== undefined && maxAgeHours <= gap) {
    throw new RangeError(`backup age alarm of ${maxAgeHours} h rings between backups ${gap} h apart`);
  }
  return defaults;
}
