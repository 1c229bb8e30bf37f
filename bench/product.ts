import { CacheAside } from '../lambda/cache/cache-aside';
import type { Answer } from '../lambda/cache/entry';
import type { CodeRecord } from '../lambda/codes/record';
import { recordEntry } from '../lambda/lookup/entries';
import type { LookupCatalog } from '../lambda/lookup/host';
import type { Outcome } from '../lambda/names/outcomes';
import { RedisConnection } from '../lambda/redis/connection';
import { OPERATOR_TIMEOUTS } from '../lambda/redis/options';
import { constantSource } from '../lambda/redis/source';

/** Whether process memory takes part; `off` holds one value, which no next read asks for. */
export type MemoryTier = 'on' | 'off';

const LIVE = { release: 'bench', stamp: 1, recent: [1], editions: {} };
const ONE_VALUE = { entries: 1, bytes: 1024 * 1024 };

/** A catalog of nothing but records. */
function catalogOf(records: ReadonlyMap<string, CodeRecord>): LookupCatalog {
  const none = (): never => {
    throw new Error('the bench asks for records alone');
  };
  return {
    record: (_release, _type, code) => {
      const record = records.get(code);
      if (record === undefined) throw new Error(`${code} is not in Redis any more`);
      return Promise.resolve(record);
    },
    records: none,
    category: none,
    crosswalk: none,
    hasType: none,
  };
}

/**
 * The one place where the bench touches the product's cache: read like the service reads, an entry made for each
 * question. Its connection is patient, because on a busy machine the limits of a lookup would measure the catalog.
 */
export class ProductCache {
  readonly #connection: RedisConnection;
  readonly #cache: CacheAside;
  readonly #catalog: LookupCatalog;

  /** @param records what a miss loads; none where every value is expected in Redis */
  constructor(connectionString: string, memory: MemoryTier, records = new Map<string, CodeRecord>()) {
    this.#catalog = catalogOf(records);
    this.#connection = new RedisConnection(constantSource(connectionString), { timeouts: OPERATOR_TIMEOUTS });
    this.#cache = new CacheAside({
      redis: this.#connection,
      catalog: { liveRelease: () => Promise.resolve(LIVE) },
      memory: memory === 'off' ? ONE_VALUE : undefined,
    });
  }

  get(code: string): Promise<Answer<CodeRecord | undefined>> {
    return this.#cache.get(recordEntry(this.#catalog, 'icd10', code));
  }

  getMany(codes: readonly string[]): Promise<Answer<CodeRecord | undefined>[]> {
    return this.#cache.getMany(
      codes.map((code) => recordEntry(this.#catalog, 'icd10', code)),
      async (release, missing) =>
        new Map(
          await Promise.all(missing.map(async (entry) => [entry.key, await entry.load(release)] as const)),
        ),
    );
  }

  close(): void {
    this.#connection.close();
  }
}

/** Where a value must have come from for a round to count. */
export function expectedOutcome(memory: MemoryTier): Outcome {
  return memory === 'on' ? 'memory' : 'redis';
}
