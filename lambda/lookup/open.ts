import { CacheAside } from '../cache/cache-aside';
import type { LiveRelease } from '../cache/release-mark';
import { liveOf } from '../catalog/stamp';
import { keys } from '../names/keys';
import { CatalogReader } from '../catalog/read/catalog-reader';
import type { ObjectStore } from '../store/object-store';
import { readHotCodesDocument } from '../hot-codes/stored-document';
import { usageMember } from '../hot-codes/usage-member';
import { RedisConnection } from '../redis/connection';
import type { Timeouts } from '../redis/options';
import { replicaSource } from '../redis/servers';
import type { ConnectionSource } from '../redis/source';
import type { LookupTelemetry } from '../telemetry/lookup';
import type { Log } from '../telemetry/logger';
import { type Health, HealthCheck } from './health';
import { createLookups, type Lookups } from './lookups';

export interface LookupServiceOptions {
  readonly store: ObjectStore;
  /** Without one there is no shared cache. */
  readonly redis?: ConnectionSource | undefined;
  readonly telemetry: LookupTelemetry;
  readonly log: Log;
  /** Those of a lookup by default; an operator's command has more patience. */
  readonly timeouts?: Timeouts | undefined;
  /** Whether lookups of a known team count as uses of the code. */
  readonly countUses: boolean;
}

/** Lookups with everything below them, for one process. */
export interface LookupService {
  readonly lookups: Lookups;
  /** Never throws. */
  health(): Promise<Health>;
  /**
   * Sends the uses that memory answered and no round trip has taken along yet, at most once a second; for a host
   * that may be frozen or ended after any request. Never fails.
   */
  settle(): Promise<void>;
  /** Sends the counts that wait, then ends the connection. Never fails. */
  close(): Promise<void>;
}

/** Uses answered from memory wait this long for a ride, milliseconds, before they get a round trip of their own. */
const SETTLE_EVERY_MS = 1_000;

/** Puts a process's lookups together. Nothing connects or reads before the first lookup. */
export function openLookupService(options: LookupServiceOptions): LookupService {
  const { store, telemetry, log } = options;
  const redis =
    options.redis === undefined
      ? undefined
      : new RedisConnection(options.redis, {
          connectionError: (failure) => telemetry.connectionError(failure),
          timeouts: options.timeouts,
        });
  const replica = options.redis === undefined ? undefined : new RedisConnection(replicaSource(options.redis));
  const catalog = new CatalogReader(store, {
    onDamage: (key, reason) => log.write('error', 'catalog object damaged', { key, reason }),
  });
  const liveRelease = async (): Promise<LiveRelease> => liveOf(await catalog.pointer());
  const cache = new CacheAside({ redis, replica, catalog: { liveRelease }, telemetry });
  const lookups = createLookups({
    cache,
    catalog,
    hotCodes: async (teamId) => (await readHotCodesDocument(store, teamId))?.document,
    ...(options.countUses
      ? {
          // It rides on the read's round trip, or on the next one where memory answers.
          countUse: (teamId, type, code) =>
            cache.count({ key: keys.usage(teamId), member: usageMember(type, code), by: 1 }),
        }
      : {}),
  });
  let settledAt = 0;
  const health = new HealthCheck({
    ping: redis === undefined ? undefined : () => redis.run((client) => client.ping()),
    readPointer: liveRelease,
    now: Date.now,
  });
  return {
    lookups,
    health: () => health.current(),
    async settle() {
      const now = Date.now();
      if (now - settledAt < SETTLE_EVERY_MS) return;
      settledAt = now;
      await cache.flush();
    },
    async close() {
      await cache.flush();
      redis?.close();
      replica?.close();
    },
  };
}
