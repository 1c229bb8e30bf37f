/** CloudWatch names. Handlers emit them, alarms and the dashboard read them; nobody else spells one. */
export const METRIC_NAMESPACE = 'MedicalCodes';

/** The only dimension: a code, team or request id as one would cost a metric each. */
export const ENVIRONMENT_DIMENSION = 'Environment';

export const LOOKUP_METRICS = [
  'CacheHits',
  'CacheMisses',
  'CacheErrors',
  'ConnectionErrors',
  'LookupLatency',
  'SlowQueries',
  'SourceReads',
  'SourceErrors',
  'LookupErrors',
] as const;

export const MONITOR_METRICS = [
  'MemoryUsagePercent',
  'UsedMemoryBytes',
  'ConnectedClients',
  'ConnectionUsagePercent',
  'EvictedKeys',
  'KeyCount',
  'ReplicationLagSeconds',
] as const;

export const BACKUP_METRICS = [
  'BackupSucceeded',
  'BackupFailed',
  'BackupAgeHours',
  'BackupKeys',
  'BackupBytes',
  'BackupDuration',
] as const;

export type LookupMetric = (typeof LOOKUP_METRICS)[number];
export type MonitorMetric = (typeof MONITOR_METRICS)[number];
export type BackupMetric = (typeof BACKUP_METRICS)[number];
export type MetricName = LookupMetric | MonitorMetric | BackupMetric;

/** A query slower than this, milliseconds, counts as slow. */
export const SLOW_QUERY_MS = 100;
