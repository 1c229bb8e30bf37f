import { ComparisonOperator, Stats, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SLOW_QUERY_MS } from '../../lambda/telemetry/metrics';
import type { EnvironmentConfig } from '../config/environments';
import { HIT_RATE_LIMIT_PERCENT, MEMORY_LIMIT_PERCENT } from '../config/limits';
import { FIVE_MINUTES, type EnvironmentMetrics } from './metrics';

/** One alarm: when it rings and what that means. */
export interface AlarmDefinition {
  /** Also the heading of its section in the runbook. */
  readonly name: string;
  readonly meaning: string;
  readonly metric: IMetric;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  /** Rings when so many of the last `of` periods are over the threshold. */
  readonly datapoints: number;
  readonly of: number;
  /** Silence is fine for what counts errors, and the very thing to ring for where data must arrive. */
  readonly missing: TreatMissingData;
  /** A percentile of a handful of requests is left as it is. */
  readonly ignoreLowSamples?: boolean;
}

const { GREATER_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } =
  ComparisonOperator;
const { NOT_BREACHING, BREACHING } = TreatMissingData;

const once = { datapoints: 1, of: 1 };
const lasting = { datapoints: 3, of: 5 };

const ERROR_RATE_PERCENT = 1;

/** Every alarm of an environment, the most urgent first. */
export function alarmDefinitions(config: EnvironmentConfig, metrics: EnvironmentMetrics): AlarmDefinition[] {
  return [
    ...serviceAlarms(config, metrics),
    ...cacheAlarms(metrics),
    ...backupAlarms(config, metrics),
    ...operationAlarms(metrics),
  ];
}

function serviceAlarms(config: EnvironmentConfig, metrics: EnvironmentMetrics): AlarmDefinition[] {
  return [
    {
      name: 'ApiErrors',
      meaning: `More than ${ERROR_RATE_PERCENT} % of requests got a 5xx answer: callers see failures.`,
      metric: metrics.errorRate(),
      comparison: GREATER_THAN_THRESHOLD,
      threshold: ERROR_RATE_PERCENT,
      ...once,
      missing: NOT_BREACHING,
    },
    {
      name: 'HighLatency',
      meaning: `One request in a hundred takes more than ${config.p99LatencyMs} ms.`,
      metric: metrics.latency(99),
      comparison: GREATER_THAN_THRESHOLD,
      threshold: config.p99LatencyMs,
      ...lasting,
      missing: NOT_BREACHING,
      ignoreLowSamples: true,
    },
    {
      name: 'FunctionThrottles',
      meaning: 'Lambda turned calls away: the reserved concurrency or the account’s limit is used up.',
      metric: metrics.throttles(),
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      ...once,
      missing: NOT_BREACHING,
    },
    {
      name: 'SourceErrors',
      meaning:
        'The catalog in S3 could not be read, or an object in it is damaged. Cached codes are still answered.',
      metric: metrics.own('SourceErrors', Stats.SUM),
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      ...once,
      missing: NOT_BREACHING,
    },
  ];
}

function cacheAlarms(metrics: EnvironmentMetrics): AlarmDefinition[] {
  return [
    {
      name: 'ConnectionErrors',
      meaning:
        'Redis cannot be reached or refuses the connection. Lookups go on from the catalog, more slowly.',
      metric: metrics.own('ConnectionErrors', Stats.SUM),
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      ...once,
      missing: NOT_BREACHING,
    },
    {
      name: 'SlowQueries',
      meaning: `Redis took more than ${SLOW_QUERY_MS} ms for a query in three of five minutes.`,
      metric: metrics.own('SlowQueries', Stats.SUM),
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      ...lasting,
      missing: NOT_BREACHING,
    },
    {
      name: 'HighMemoryUsage',
      meaning: `Redis fills more than ${MEMORY_LIMIT_PERCENT} % of the plan’s memory; at 100 % it evicts codes in use.`,
      metric: metrics.own('MemoryUsagePercent', Stats.MAXIMUM),
      comparison: GREATER_THAN_THRESHOLD,
      threshold: MEMORY_LIMIT_PERCENT,
      ...lasting,
      // The heartbeat rings when nobody measures.
      missing: NOT_BREACHING,
    },
    {
      name: 'LowHitRate',
      meaning: `The cache answers fewer than ${HIT_RATE_LIMIT_PERCENT} % of lookups; the catalog carries the rest.`,
      metric: metrics.hitRate(),
      comparison: LESS_THAN_THRESHOLD,
      threshold: HIT_RATE_LIMIT_PERCENT,
      datapoints: 3,
      of: 3,
      missing: NOT_BREACHING,
    },
  ];
}

function backupAlarms(config: EnvironmentConfig, metrics: EnvironmentMetrics): AlarmDefinition[] {
  const failures: AlarmDefinition = {
    name: 'BackupFailures',
    meaning: 'A backup of Redis failed and left nothing that could be restored.',
    metric: metrics.backupFailures(),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    ...once,
    missing: NOT_BREACHING,
  };
  const { maxAgeHours } = config.backup;
  if (maxAgeHours === undefined) return [failures];
  return [
    failures,
    {
      name: 'BackupAge',
      meaning: `The newest complete backup is older than ${maxAgeHours} hours, or nobody can tell.`,
      metric: metrics.own('BackupAgeHours', Stats.MAXIMUM, FIVE_MINUTES),
      comparison: GREATER_THAN_THRESHOLD,
      threshold: maxAgeHours,
      datapoints: 3,
      of: 3,
      missing: BREACHING,
    },
  ];
}

function operationAlarms(metrics: EnvironmentMetrics): AlarmDefinition[] {
  return [
    {
      name: 'MonitorHeartbeat',
      meaning:
        'The cache monitor has not run for ten minutes: the figures of Redis and of backups stand still.',
      metric: metrics.heartbeats(),
      comparison: LESS_THAN_THRESHOLD,
      threshold: 1,
      datapoints: 2,
      of: 2,
      missing: BREACHING,
    },
    {
      name: 'FailedEvents',
      meaning: 'A scheduled or triggered run failed every retry; its event waits in a dead-letter queue.',
      metric: metrics.failedEvents(),
      comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      ...once,
      missing: NOT_BREACHING,
    },
  ];
}
