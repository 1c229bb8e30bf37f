import type { Entry, LoadMany } from '../cache/entry';
import type { Outcome } from '../names/outcomes';
import type { LookupCache } from '../lookup/host';
import type { Pace } from '../snapshot/pace';

/** Entries of one kind with the way to load many of them with few catalog reads. */
export interface WarmBatch<T> {
  /** Key family, for the report: `icd10`, `hot:codes`, `crosswalk`, … */
  readonly family: string;
  readonly entries: readonly Entry<T>[];
  readonly loadMany: LoadMany<T>;
}

/** A batch with its value type closed over, so that batches of several families make one sequence. */
export type WarmStep = (host: WarmHost) => Promise<Warmed>;

export interface WarmHost {
  readonly cache: Pick<LookupCache, 'getMany'>;
  /** Holds warming back to its share of the plan. */
  readonly pace: Pace;
  /** Share of the plan's memory in use, 0 to 1; undefined when it cannot be told. */
  memoryUsed(): Promise<number | undefined>;
  /** Uniform in [0, 1). */
  random(): number;
}

/** What became of a batch's keys. */
export interface Warmed {
  readonly family: string;
  readonly loaded: number;
  /** Were in the cache already. */
  readonly present: number;
  /** The live release does not hold them. */
  readonly absent: number;
}

export type WarmStop = 'memory' | 'redis';

export interface WarmReport {
  readonly families: readonly Warmed[];
  readonly loaded: number;
  readonly present: number;
  readonly absent: number;
  /** Why warming ended early: the plan's memory is nearly full, or Redis stopped taking part. */
  readonly stopped?: WarmStop | undefined;
}

/** Keys of one exchange: large enough to share shards, small enough to stay within a command's time-out. */
export const WARM_CHUNK = 200;

/** Commands per key that was missing: read, remaining life, lease, write-back. */
const COMMANDS_PER_KEY = 4;

/** Warming stops here: the rest of the plan is for what lookups fetch themselves, before Redis evicts. */
export const WARM_MEMORY_LIMIT = 0.9;

/** Exchanges between two looks at the memory. */
const MEMORY_CHECK_EVERY = 10;

/**
 * A key's life when warmed in bulk, spread over its last tenth, so that what was loaded together does not
 * expire together.
 * @param ttl the family's TTL, seconds
 */
export function spreadTtl(ttl: number, random: number): number {
  return Math.ceil(ttl * (0.9 + 0.1 * random));
}

/** Turns a batch into a step of a warm-up. */
export function warmStep<T>(batch: WarmBatch<T>): WarmStep {
  return async (host) => {
    await host.pace.take(batch.entries.length * COMMANDS_PER_KEY);
    const entries = batch.entries.map((entry) => ({ ...entry, ttl: spreadTtl(entry.ttl, host.random()) }));
    const answers = await host.cache.getMany(entries, batch.loadMany);
    const count = (wanted: (outcome: Outcome, known: boolean) => boolean): number =>
      answers.filter(({ outcome, value }) => wanted(outcome, value !== undefined)).length;
    if (count((outcome) => outcome === 'bypass' || outcome === 'stale') > 0) throw new RedisLeft();
    return {
      family: batch.family,
      loaded: count((outcome, known) => known && outcome === 'miss'),
      present: count((outcome, known) => known && outcome !== 'miss'),
      absent: count((_outcome, known) => !known),
    };
  };
}

/** Redis took no part in a step, so that nothing it read went into the cache. */
class RedisLeft extends Error {}

/**
 * Loads steps into the cache one after another, through the same leases as lookups, so that neither a publish
 * nor a lookup at the same time can leave an old value behind.
 * @param onProgress told the keys handled so far
 * @throws SourceUnavailable when the catalog cannot be read
 */
export async function warm(
  host: WarmHost,
  steps: AsyncIterable<WarmStep>,
  onProgress: (keys: number) => void = () => undefined,
): Promise<WarmReport> {
  const totals = new Map<string, Warmed>();
  let stopped: WarmStop | undefined;
  let done = 0;
  let exchanges = 0;
  for await (const step of steps) {
    if (exchanges % MEMORY_CHECK_EVERY === 0 && ((await host.memoryUsed()) ?? 0) >= WARM_MEMORY_LIMIT) {
      stopped = 'memory';
      break;
    }
    exchanges += 1;
    try {
      const warmed = await step(host);
      totals.set(warmed.family, sum(totals.get(warmed.family), warmed));
      done += warmed.loaded + warmed.present + warmed.absent;
      onProgress(done);
    } catch (error) {
      if (!(error instanceof RedisLeft)) throw error;
      stopped = 'redis';
      break;
    }
  }
  const families = [...totals.values()];
  const all = families.reduce<Warmed | undefined>(sum, undefined);
  return {
    families,
    loaded: all?.loaded ?? 0,
    present: all?.present ?? 0,
    absent: all?.absent ?? 0,
    stopped,
  };
}

function sum(before: Warmed | undefined, warmed: Warmed): Warmed {
  return {
    family: warmed.family,
    loaded: (before?.loaded ?? 0) + warmed.loaded,
    present: (before?.present ?? 0) + warmed.present,
    absent: (before?.absent ?? 0) + warmed.absent,
  };
}
