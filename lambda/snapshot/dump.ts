import type { BulkRedis } from '../redis/bulk-session';
import { anyGlob } from './glob';
import { KeyReader } from './key-reader';
import type { Pace } from './pace';
import { isOfTheMoment, type SnapshotRecord } from './record';
import { scanPage } from './replies';

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

const MIN_PAGE_KEYS = 10;
const MAX_PAGE_KEYS = 1_000;
/** A server that restarts over and over gives no scan that ends. */
export const MAX_RESTARTS = 5;

/** Another server process answered again and again, so that no scan came to its end. */
export class UnsteadyServer extends Error {
  constructor() {
    super(
      `Another server process answered more than ${MAX_RESTARTS} times (restarts, or a failover back and forth); nothing complete can be read until it stays.`,
    );
    this.name = 'UnsteadyServer';
  }
}

/**
 * Reads every key with its payload and absolute expiry: SCAN, then each page's keys in batches. Keys present
 * throughout all come, some perhaps twice (SCAN's promise). Holds one batch.
 * @throws RedisUnavailable, ReadRefused, UnsteadyServer
 */
export async function* dumpKeys(redis: BulkRedis, options: DumpOptions): AsyncGenerator<DumpBatch> {
  const { pace } = options;
  const wanted = anyGlob(options.match ?? []);
  const reader = new KeyReader(redis, pace);
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
    for await (const batch of reader.read(keys)) {
      const records = batch.keys.flatMap((key, index): SnapshotRecord[] => {
        const state = batch.states[index];
        return state === undefined ? [] : [{ key, ...state }];
      });
      const gone = batch.keys.length - records.length;
      yield { records, leases, gone, restarted: false, cursor: undefined };
      leases = 0;
    }
    cursor = page.cursor;
    yield { records: [], leases, gone: 0, restarted: false, cursor };
    if (cursor === '0') return;
  }
}

async function scan(
  redis: BulkRedis,
  pace: Pace,
  cursor: string,
): Promise<{ cursor: string; keys: Buffer[] }> {
  const { opsPerSecond } = pace;
  const count =
    opsPerSecond === 0
      ? MAX_PAGE_KEYS
      : Math.min(MAX_PAGE_KEYS, Math.max(MIN_PAGE_KEYS, Math.floor(opsPerSecond)));
  await pace.take(1);
  const { replies } = await redis.exchange([['SCAN', cursor, 'COUNT', count]]);
  return scanPage(replies[0]);
}
