import { CommandRefused } from '../redis/failures';
import type { LogFields } from '../telemetry/logger';
import { type MetricName, SLOW_QUERY_MS } from '../telemetry/metrics';
import { type ReadSetting, settingsDrift } from './drift';
import type { EvictionCounter } from './evictions';
import { figuresOf, type PlanLimits } from './figures';
import { combineInfo, parseInfo } from '../redis/info';

/** What the monitor asks of Redis. Each rejects within the client's own time-outs. */
export interface MonitoredRedis {
  ping(): Promise<void>;
  /** INFO of every primary: one text, or one per shard of a cluster. */
  info(): Promise<readonly string[]>;
  readonly setting: ReadSetting;
}

export interface MonitorHost {
  readonly plan: PlanLimits;
  readonly evictions: EvictionCounter;
  /** Rejects when there is no way to Redis: no secret, no address, no connection. */
  redis(): Promise<MonitoredRedis>;
  /** Seconds that the replica of the connection string is behind; absent where none is named. */
  replicaLag?(): Promise<number | undefined>;
  /** Hours since the newest backup became complete; undefined while there is none. */
  backupAgeHours(): Promise<number | undefined>;
  /** Milliseconds on a clock that only goes forward. */
  elapsed(): number;
}

export interface Remark {
  readonly message: string;
  readonly details: LogFields;
}

/** What one run saw. A figure that nobody knows is absent. */
export interface Observation {
  readonly metrics: Partial<Record<MetricName, number>>;
  readonly warnings: readonly Remark[];
  readonly errors: readonly Remark[];
}

type Part = Partial<Observation>;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Looks at Redis and the backups once. It never throws: Redis gone is what it is there to see, so that run
 * says `ConnectionErrors` 1 and still tells how old the backups are.
 */
export async function observe(host: MonitorHost): Promise<Observation> {
  const parts = await Promise.all([observeRedis(host), observeReplica(host), observeBackups(host)]);
  const [redis, replica, backups] = parts;
  return {
    // A lag measured on the replica itself is the better one.
    metrics: { ...redis.metrics, ...replica.metrics, ...backups.metrics },
    warnings: parts.flatMap((part) => part.warnings ?? []),
    errors: parts.flatMap((part) => part.errors ?? []),
  };
}

async function observeRedis(host: MonitorHost): Promise<Part> {
  try {
    const redis = await host.redis();
    // The first PING pays for the connection, so that the timed one measures a query alone.
    await redis.ping();
    const figures = await figuresNow(host, redis);
    const probe = await timedPing(host, redis);
    const drift = await driftNow(redis);
    return {
      metrics: { ConnectionErrors: 0, ...figures.metrics, ...probe.metrics },
      warnings: [...(figures.warnings ?? []), ...(probe.warnings ?? []), ...drift],
    };
  } catch (error) {
    return {
      metrics: { ConnectionErrors: 1 },
      errors: [{ message: 'Redis cannot be reached', details: { reason: messageOf(error) } }],
    };
  }
}

async function figuresNow(host: MonitorHost, redis: MonitoredRedis): Promise<Part> {
  try {
    const info = combineInfo((await redis.info()).map(parseInfo));
    const evicted = host.evictions.since(info);
    return {
      metrics: { ...figuresOf(info, host.plan), ...(evicted === undefined ? {} : { EvictedKeys: evicted }) },
    };
  } catch (error) {
    // A reply that says no is an answer: the connection works.
    if (!(error instanceof CommandRefused)) throw error;
    return { warnings: [{ message: 'Redis refuses INFO', details: { reason: messageOf(error) } }] };
  }
}

async function timedPing(host: MonitorHost, redis: MonitoredRedis): Promise<Part> {
  const started = host.elapsed();
  await redis.ping();
  const latencyMs = Math.round((host.elapsed() - started) * 100) / 100;
  if (latencyMs <= SLOW_QUERY_MS) return { metrics: { SlowQueries: 0 } };
  return {
    metrics: { SlowQueries: 1 },
    warnings: [{ message: 'Redis answers slowly', details: { latencyMs, limitMs: SLOW_QUERY_MS } }],
  };
}

async function driftNow(redis: MonitoredRedis): Promise<Remark[]> {
  const { drifted } = await settingsDrift(redis.setting);
  return drifted.length === 0
    ? []
    : [{ message: 'Redis differs from the recommended settings', details: { drifted } }];
}

async function observeReplica(host: MonitorHost): Promise<Part> {
  if (host.replicaLag === undefined) return {};
  try {
    const lag = await host.replicaLag();
    return lag === undefined ? {} : { metrics: { ReplicationLagSeconds: lag } };
  } catch (error) {
    return { warnings: [{ message: 'The replica cannot be read', details: { reason: messageOf(error) } }] };
  }
}

async function observeBackups(host: MonitorHost): Promise<Part> {
  try {
    const age = await host.backupAgeHours();
    // No backup at all leaves the metric out, and the alarm takes missing data for a breach.
    return age === undefined ? {} : { metrics: { BackupAgeHours: age } };
  } catch (error) {
    return { errors: [{ message: 'The backups cannot be listed', details: { reason: messageOf(error) } }] };
  }
}
