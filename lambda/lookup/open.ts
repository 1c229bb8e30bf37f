import { CacheAside } from '../cache/cache-aside';
import type { LiveRelease } from '../cache/release-mark';
import { liveOf } from '../catalog/stamp';
import { type Clock, systemClock } from '../names/clock';
import { keys } from '../names/keys';
import { CatalogReader } from '../catalog/read/catalog-reader';
import { GUARD, GuardedStore } from '../store/guarded-store';
import type { ObjectStore } from '../store/object-store';
import { readHotCodesDocument } from '../hot-codes/stored-document';
import { usageMember } from '../hot-codes/usage-member';
import { RedisConnection } from '../redis/connection';
import { type Timeouts, TIMEOUTS } from '../redis/options';
import { impatientSource } from '../redis/impatient-source';
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
  /** How long a read of the store may take, milliseconds; that of a lookup by default. */
  readonly storePatience?: number | undefined;
  /** The machine's by default. */
  readonly clock?: Clock | undefined;
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
  /** Looks in the store for a new release at once, for a host that is told of one. Never fails. */
  lookForRelease(): Promise<void>;
  /** Sends the counts that wait, then ends the connection. Never fails. */
  close(): Promise<void>;
}

/** Uses answered from memory wait this long for a ride, milliseconds, before they get a round trip of their own. */
const SETTLE_EVERY_MS = 1_000;

/** Puts a process's lookups together. Nothing connects or reads before the first lookup. */
export function openLookupService(options: LookupServiceOptions): LookupService {
  const { telemetry, log, clock = systemClock } = options;
  const store = new GuardedStore(options.store, {
    ...GUARD,
    now: () => clock.now(),
    patience: options.storePatience ?? GUARD.patience,
  });
  const source =
    options.redis && impatientSource(options.redis, () => clock.now(), (options.timeouts ?? TIMEOUTS).source);
  const redis =
    source &&
    new RedisConnection(source, {
      connectionError: (failure) => telemetry.connectionError(failure),
      timeouts: options.timeouts,
    });
  const replica = source && new RedisConnection(replicaSource(source), { timeouts: options.timeouts });
  const catalog = new CatalogReader(store, {
    onDamage: (key, reason) => log.write('error', 'catalog object damaged', { key, reason }),
  });
  const liveRelease = async (): Promise<LiveRelease> => liveOf(await catalog.pointer());
  const cache = new CacheAside({ redis, replica, catalog: { liveRelease }, telemetry, clock });
  const lookups = createLookups({
    cache,
    catalog,
    now: () => clock.now(),
    hotCodes: async (teamId) => (await readHotCodesDocument(store, teamId))?.document,
    ...(options.countUses
      ? {
          // It rides on the read's round trip, or on the next one where memory answers.
          countUse: (teamId, type, code) =>
            cache.count({ key: keys.usage(teamId), member: usageMember(type, code), by: 1 }),
        }
      : {}),
  });
  // Past the guard: who asks for health wants to know how the store itself is.
  const unguarded = new CatalogReader(options.store);
  let settledAt = 0;
  const health = new HealthCheck({
    ping: redis === undefined ? undefined : () => redis.run((client) => client.ping()),
    readPointer: () => unguarded.pointer(),
    now: Date.now,
  });
  return {
    lookups,
    health: () => health.current(),
    lookForRelease: () => cache.lookForRelease(),
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
