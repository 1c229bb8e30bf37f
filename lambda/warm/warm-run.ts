import { systemClock } from '../names/clock';
import { CacheAside } from '../cache/cache-aside';
import { liveOf } from '../catalog/stamp';
import { CatalogReader } from '../catalog/read/catalog-reader';
import type { ObjectStore } from '../store/object-store';
import { readHotCodesDocument } from '../hot-codes/stored-document';
import { RedisConnection } from '../redis/connection';
import { OPERATOR_TIMEOUTS } from '../redis/options';
import { createPace } from '../snapshot/pace';
import type { ConnectionSource } from '../redis/source';
import { memoryUsed } from './memory-used';
import { keysIn, releaseSteps, usedSteps, type WarmSource } from './steps';
import { warm, type WarmReport } from './warm';

/** Part of the plan's operations a second that warming may take; lookups have the rest. */
const WARM_SHARE = 0.5;

export interface WarmOptions {
  readonly store: ObjectStore;
  readonly redis: ConnectionSource;
  /** The whole release, after what teams use. */
  readonly everything: boolean;
  /** Plan's memory, MB; undefined where unknown: then warming does not watch it. */
  readonly planMemoryMb?: number | undefined;
  /** Plan's operations a second; 0 or undefined means that it names none. */
  readonly planOpsPerSecond?: number | undefined;
  /** Told the keys handled so far and about how many there are. */
  readonly onProgress?: (keys: number, total: number) => void;
}

export interface WarmRun extends WarmReport {
  readonly release: string;
  /** Share of the plan's memory in use at the end, 0 to 1; absent where unknown. */
  readonly memoryUsed?: number | undefined;
}

/**
 * Warms the cache: what teams use, then, if asked, everything else of the live release.
 * @throws SourceUnavailable when the catalog cannot be read
 */
export async function runWarm(options: WarmOptions): Promise<WarmRun> {
  const { store } = options;
  const connection = new RedisConnection(options.redis, { timeouts: OPERATOR_TIMEOUTS });
  const catalog = new CatalogReader(store);
  const { release } = await catalog.pointer();
  const source: WarmSource = {
    catalog,
    store,
    document: async (teamId) => (await readHotCodesDocument(store, teamId))?.document,
  };
  const total = options.everything ? keysIn(await catalog.manifest(release)) : 0;
  const used = (): Promise<number | undefined> => memoryUsed(connection, options.planMemoryMb);
  async function* steps(): ReturnType<typeof usedSteps> {
    yield* usedSteps(source, release);
    if (options.everything) yield* releaseSteps(source, release);
  }
  try {
    const report = await warm(
      {
        cache: new CacheAside({
          redis: connection,
          catalog: { liveRelease: async () => liveOf(await catalog.pointer()) },
        }),
        pace: createPace((options.planOpsPerSecond ?? 0) * WARM_SHARE, systemClock),
        memoryUsed: used,
        random: Math.random,
      },
      steps(),
      (keys) => options.onProgress?.(keys, Math.max(total, keys)),
    );
    return { ...report, release, memoryUsed: await used() };
  } finally {
    connection.close();
  }
}
