import type { BulkCommand } from '../redis/bulk-connection';
import type { BulkRedis } from '../redis/bulk-session';
import { anyGlob } from './glob';
import type { Pace } from './pace';
import { isOfTheMoment, type SnapshotRecord } from './record';
import { keyState, scanPage, serverTime } from './replies';

export interface DumpOptions {
  readonly pace: Pace;
  /** SCAN cursor to go on from; `0` starts. */
  readonly cursor?: string;
  /** Process the cursor belongs to; another one makes the scan start over. */
  readonly serverId?: string | undefined;
  /** How often the scan may still start over; default 5. */
  readonly restartsLeft?: number;
  /** Redis globs; a key must match one of them. None means every key. */
  readonly match?: readonly string[];
}

/** Some keys of a page of SCAN. */
export interface DumpBatch {
  readonly records: readonly SnapshotRecord[];
  /** Leases of loaders at work and other keys of the moment, left out. */
  readonly leases: number;
  /** Keys that expired or were deleted between SCAN and DUMP. */
  readonly gone: number;
  /** True where the scan starts over, because another server process answers. */
  readonly restarted: boolean;
  /** Where to go on once this batch is safe; undefined inside a page; `0` at the end. */
  readonly cursor: string | undefined;
}

/** Payload bytes to ask for in one exchange, by the size of what came before. */
const BATCH_BYTES = 4 * 1024 * 1024;
const MAX_BATCH_KEYS = 250;
const FIRST_BATCH_KEYS = 32;
const MAX_PAGE_KEYS = 1_000;
/** A server that restarts over and over gives no scan that ends. */
export const MAX_RESTARTS = 5;

/** Another server process answered again and again, so that no scan came to its end. */
export class UnsteadyServer extends Error {
  constructor() {
    super(
      'Another server process answered more than five times during one scan (restarts, or a failover back and forth); no complete copy can be made until it stays.',
    );
    this.name = 'UnsteadyServer';
  }
}

/**
 * Reads every key with its payload and absolute expiry: SCAN, then DUMP and PTTL pipelined. Keys present
 * throughout all come, some perhaps twice (SCAN's promise). Expiries are reckoned with the server's own clock.
 * Holds one batch.
 * @throws RedisUnavailable, ReadRefused, UnsteadyServer
 */
export async function* dumpKeys(redis: BulkRedis, options: DumpOptions): AsyncGenerator<DumpBatch> {
  const { pace } = options;
  const wanted = anyGlob(options.match ?? []);
  const sizer = new BatchSizer(pace.opsPerSecond);
  let cursor = options.cursor ?? '0';
  let serverId = options.serverId;
  let restartsLeft = options.restartsLeft ?? MAX_RESTARTS;
  for (;;) {
    const page = await scan(redis, pace, cursor);
    // A first page has no older cursor that could be foreign.
    if (cursor !== '0' && serverId !== redis.serverId) {
      if (--restartsLeft < 0) throw new UnsteadyServer();
      cursor = '0';
      serverId = redis.serverId;
      yield { records: [], leases: 0, gone: 0, restarted: true, cursor: undefined };
      continue;
    }
    serverId = redis.serverId;
    const keys = page.keys.filter((key) => wanted(key) && !isOfTheMoment(key));
    let leases = page.keys.filter((key) => wanted(key) && isOfTheMoment(key)).length;
    for (let at = 0; at < keys.length;) {
      const some = keys.slice(at, at + sizer.keys);
      const { records, gone } = await dumpSome(redis, pace, some);
      at += some.length;
      sizer.saw(records);
      yield { records, leases, gone, restarted: false, cursor: undefined };
      leases = 0;
    }
    cursor = page.cursor;
    yield { records: [], leases, gone: 0, restarted: false, cursor };
    if (cursor === '0') return;
  }
}

/** How many keys to ask for at once, so that neither memory nor the plan's rate is exceeded. */
class BatchSizer {
  readonly #most: number;
  keys: number;

  constructor(opsPerSecond: number) {
    // Two operations a key; half a second's worth in one go.
    this.#most = opsPerSecond === 0 ? MAX_BATCH_KEYS : clamp(Math.floor(opsPerSecond / 4), 1, MAX_BATCH_KEYS);
    this.keys = Math.min(FIRST_BATCH_KEYS, this.#most);
  }

  /** Shrinks at once where values are large, and grows step by step: a run of large ones may follow small ones. */
  saw(records: readonly SnapshotRecord[]): void {
    if (records.length === 0) return;
    const largest = Math.max(...records.map((record) => record.payload.length));
    this.keys = clamp(Math.floor(BATCH_BYTES / Math.max(1, largest)), 1, Math.min(this.keys * 2, this.#most));
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

async function scan(
  redis: BulkRedis,
  pace: Pace,
  cursor: string,
): Promise<{ cursor: string; keys: Buffer[] }> {
  const { opsPerSecond } = pace;
  const count = opsPerSecond === 0 ? MAX_PAGE_KEYS : clamp(Math.floor(opsPerSecond), 10, MAX_PAGE_KEYS);
  await pace.take(1);
  const { replies } = await redis.exchange([['SCAN', cursor, 'COUNT', count]]);
  return scanPage(replies[0]);
}

async function dumpSome(
  redis: BulkRedis,
  pace: Pace,
  keys: readonly Buffer[],
): Promise<{ records: SnapshotRecord[]; gone: number }> {
  const pairs = keys.flatMap((key): BulkCommand[] => [
    ['DUMP', key],
    ['PTTL', key],
  ]);
  await pace.take(1 + pairs.length);
  const { replies } = await redis.exchange([['TIME'], ...pairs]);
  const now = serverTime(replies[0]);
  const records = keys.flatMap((key, index) => {
    const state = keyState(replies[1 + 2 * index], replies[2 + 2 * index]);
    if (state === undefined) return [];
    const { payload, ttl } = state;
    return [{ key, payload, expiresAt: ttl === -1 ? 0 : now + ttl }];
  });
  return { records, gone: keys.length - records.length };
}
