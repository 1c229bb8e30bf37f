import { ageHours, newestBackup } from '../../backup/backup-age';
import { openStore } from '../../store/open-store';
import { EvictionCounter } from '../../monitor/evictions';
import { type MonitorHost, type Observation, observe } from '../../monitor/monitor';
import { monitoredRedis } from '../../monitor/redis';
import { replicaLagMeter } from '../../monitor/replica';
import { reportObservation } from '../../monitor/report-observation';
import { RedisConnection } from '../../redis/connection';
import { secretSource } from '../../redis/secret';
import { emfSink, type MetricSink } from '../../telemetry/emit';
import { jsonLog, type Log } from '../../telemetry/logger';
import { systemClock } from '../../names/clock';
import { settingsOf } from '../settings';

interface Services {
  host: MonitorHost;
  sink: MetricSink;
  log: Log;
}

function makeServices(): Services {
  const { environment, redisSecretArn, catalogStore, backupPrefix, planMemoryMb, planConnections } =
    settingsOf(process.env);
  const source = secretSource(redisSecretArn);
  const connection = new RedisConnection(source);
  const redis = monitoredRedis(connection);
  const store = openStore(catalogStore);
  return {
    host: {
      plan: { memoryMb: planMemoryMb, connections: planConnections },
      evictions: new EvictionCounter(),
      redis: () => Promise.resolve(redis),
      replicaLag: replicaLagMeter(source, connection, systemClock),
      backupAgeHours: async () => ageHours(await newestBackup(store, backupPrefix), new Date()),
      elapsed: () => performance.now(),
    },
    sink: emfSink(environment),
    log: jsonLog('cache-monitor'),
  };
}

let services: Services | undefined;

/** Looks at Redis and the backups, every minute. Answers with the figures that it emitted. */
export async function handler(): Promise<Observation['metrics']> {
  services ??= makeServices();
  const observation = await observe(services.host);
  reportObservation(observation, services.sink, services.log);
  return observation.metrics;
}
