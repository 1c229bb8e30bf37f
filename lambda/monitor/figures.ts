import { MEGABYTE } from '../names/units';
import type { MonitorMetric } from '../telemetry/metrics';
import type { ServerInfo } from '../redis/info';

/**
 * Limits of the plan, from configuration, because Redis Cloud hides `maxmemory` and `maxclients`.
 * 0 means that the plan names none.
 */
export interface PlanLimits {
  /** Megabytes of 1,048,576 bytes, as Redis itself counts `mb`. */
  readonly memoryMb: number;
  readonly connections: number;
}

/** Values that one run emits; a figure nobody knows is absent, never 0. */
export type Figures = Partial<Record<MonitorMetric, number>>;

/** The tighter of the plan's limit and the server's own; undefined when neither names one. */
function tighter(plan: number, server: number | undefined): number | undefined {
  if (plan <= 0) return server;
  return server === undefined ? plan : Math.min(plan, server);
}

/** Bytes the database may fill: the plan's, or a self-managed server's lower `maxmemory`. */
export function memoryLimit(info: ServerInfo, plan: PlanLimits): number | undefined {
  return tighter(plan.memoryMb * MEGABYTE, info.maxMemoryBytes);
}

/** Connections the database takes: the plan's, or a self-managed server's lower `maxclients`. */
export function connectionLimit(info: ServerInfo, plan: PlanLimits): number | undefined {
  return tighter(plan.connections, info.maxClients);
}

/** Share in percent, two decimals; undefined where either side is unknown. */
export function percent(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole <= 0
    ? undefined
    : Math.round((part / whole) * 10_000) / 100;
}

/**
 * Seconds the replicas are behind, as the server itself sees it: on a primary the slowest replica's last
 * acknowledgement, on a replica how long it has not heard its primary. undefined without replication.
 */
export function lagFromInfo(info: ServerInfo): number | undefined {
  if (info.role === 'replica') return info.silentSeconds;
  const lags = info.replicas.flatMap(({ lagSeconds }) => lagSeconds ?? []);
  return lags.length === 0 ? undefined : Math.max(...lags);
}

/** The monitor's figures from one INFO; evictions and measured lag come from elsewhere. */
export function figuresOf(info: ServerInfo, plan: PlanLimits): Figures {
  const figures: Record<string, number | undefined> & { [name in MonitorMetric]?: number | undefined } = {
    UsedMemoryBytes: info.usedMemoryBytes,
    MemoryUsagePercent: percent(info.usedMemoryBytes, memoryLimit(info, plan)),
    ConnectedClients: info.connectedClients,
    ConnectionUsagePercent: percent(info.connectedClients, connectionLimit(info, plan)),
    KeyCount: info.keyCount,
    ReplicationLagSeconds: lagFromInfo(info),
  };
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}
