import { openStore } from '../../store/open-store';
import { secretSource } from '../../redis/secret';
import { jsonLog } from '../../telemetry/logger';
import { runWarm, type WarmRun } from '../../warm/warm-run';
import { settingsOf } from '../settings';

const { redisSecretArn, catalogStore, planMemoryMb, planOpsPerSecond } = settingsOf(process.env);
const log = jsonLog('cache-warmer');

/**
 * Loads what teams use into the cache, after a publish. Nothing depends on it: lookups fill the cache by
 * themselves, only later.
 */
export async function handler(): Promise<WarmRun> {
  const run = await runWarm({
    store: openStore(catalogStore),
    redis: secretSource(redisSecretArn),
    everything: false,
    planMemoryMb,
    planOpsPerSecond,
  });
  log.write(run.stopped === undefined ? 'info' : 'warn', 'warmed', { ...run });
  return run;
}
