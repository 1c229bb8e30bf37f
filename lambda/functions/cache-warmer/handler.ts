import * as z from 'zod/mini';
import { openStore } from '../../store/open-store';
import { secretSource } from '../../redis/secret';
import { jsonLog } from '../../telemetry/logger';
import { runWarm, type WarmRun } from '../../warm/warm-run';
import { SETTING } from '../../names/settings';

const limit = z.pipe(z.string().check(z.regex(/^\d+$/)), z.transform(Number));

const settingsSchema = z.object({
  [SETTING.redisSecretArn]: z.string(),
  [SETTING.catalogStore]: z.string(),
  [SETTING.planMemoryMb]: limit,
  [SETTING.planOpsPerSecond]: limit,
});

const log = jsonLog('cache-warmer');

/**
 * Loads what teams use into the cache, after a publish. Nothing depends on it: lookups fill the cache by
 * themselves, only later.
 */
export async function handler(): Promise<WarmRun> {
  const settings = z.parse(settingsSchema, process.env);
  const run = await runWarm({
    store: openStore(settings[SETTING.catalogStore]),
    redis: secretSource(settings[SETTING.redisSecretArn]),
    everything: false,
    planMemoryMb: settings[SETTING.planMemoryMb],
    planOpsPerSecond: settings[SETTING.planOpsPerSecond],
  });
  log.write(run.stopped === undefined ? 'info' : 'warn', 'warmed', { ...run });
  return run;
}
