import { CacheAside } from '../cache/cache-aside';
import { keys } from '../cache/keys';
import { CatalogReader } from '../catalog/reader';
import type { ObjectStore } from '../catalog/store';
import { readHotCodes } from '../catalog/teams';
import { usageMember } from '../hot-codes/document';
import { RedisConnection } from '../redis/connection';
import type { ConnectionSource } from '../redis/source';
import type { LookupTelemetry } from '../telemetry/lookup';
import type { Log } from '../telemetry/logger';
import { type Health, HealthCheck } from './health';
import type { Lookups } from './lookups';
import { createLookups } from './service';

export interface LookupServiceOptions {
  readonly store: ObjectStore;
  /** Without one there is no shared cache. */
  readonly redis?: ConnectionSource | undefined;
  readonly telemetry: LookupTelemetry;
  readonly log: Log;
  /** Whether lookups of a known team count as uses of the code. */
  readonly countUses: boolean;
}

/** Lookups with everything below them, for one process. */
export interface LookupService {
  readonly lookups: Lookups;
  /** Never throws. */
  health(): Promise<Health>;
  /** Sends the counts that wait, then ends the connection. Never fails. */
  close(): Promise<void>;
}

/** Puts a process's lookups together. Nothing connects or reads before the first lookup. */
export function openLookupService(options: LookupServiceOptions): LookupService {
  const { store, telemetry, log } = options;
  const redis =
    options.redis === undefined
      ? undefined
      : new RedisConnection(options.redis, {
          connectionError: (failure) => telemetry.connectionError(failure),
        });
  const catalog = new CatalogReader(store, {
    onDamage: (key, reason) => log.write('error', 'catalog object damaged', { key, reason }),
  });
  const liveRelease = async (): Promise<string> => (await catalog.pointer()).release;
  const cache = new CacheAside({ redis, catalog: { liveRelease }, telemetry });
  const lookups = createLookups({
    cache,
    catalog,
    hotCodes: (teamId) => readHotCodes(store, teamId),
    ...(options.countUses
      ? {
          // It rides on the next round trip to Redis, and costs none of its own.
          countUse: (teamId, type, code) =>
            cache.count({ key: keys.usage(teamId), member: usageMember(type, code), by: 1 }),
        }
      : {}),
  });
  const health = new HealthCheck({
    ping: redis === undefined ? undefined : () => redis.run((client) => client.ping()),
    readPointer: liveRelease,
    now: Date.now,
  });
  return {
    lookups,
    health: () => health.current(),
    async close() {
      await cache.flush();
      redis?.close();
    },
  };
}
