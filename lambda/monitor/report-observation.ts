import type { MetricSink, Unit } from '../telemetry/emit';
import type { Log } from '../telemetry/logger';
import { BACKUP_METRICS, LOOKUP_METRICS, type MetricName, MONITOR_METRICS } from '../telemetry/metrics';
import type { Observation } from './monitor';

const UNITS: Partial<Record<MetricName, Unit>> = {
  MemoryUsagePercent: 'Percent',
  ConnectionUsagePercent: 'Percent',
  UsedMemoryBytes: 'Bytes',
  ReplicationLagSeconds: 'Seconds',
  // CloudWatch knows no hours.
  BackupAgeHours: 'None',
};

/** Writes what one run saw: its figures as one EMF blob, its remarks as log lines. */
export function reportObservation(observation: Observation, sink: MetricSink, log: Log): void {
  for (const { message, details } of observation.warnings) log.write('warn', message, details);
  for (const { message, details } of observation.errors) log.write('error', message, details);
  for (const name of [...LOOKUP_METRICS, ...MONITOR_METRICS, ...BACKUP_METRICS]) {
    const value = observation.metrics[name];
    if (value !== undefined) sink.add(name, UNITS[name] ?? 'Count', value);
  }
  sink.flush();
}
