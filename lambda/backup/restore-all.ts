import { AppError } from '../names/errors';
import type { BulkRedis } from '../redis/bulk-session';
import { RedisUnavailable } from '../redis/failures';
import { parseInfo } from '../redis/info';
import { inBatches } from '../snapshot/batches';
import { MAX_RESTARTS, UnsteadyServer } from '../snapshot/dump';
import type { Pace } from '../snapshot/pace';
import { rdbVersion } from '../snapshot/payload';
import { readAhead } from '../snapshot/read-ahead';
import { printableKey, type SnapshotRecord } from '../snapshot/record';
import { ReadRefused } from '../snapshot/replies';
import { foreseeBatch, restoreBatch } from '../snapshot/restore-batch';
import { RELEASE_GUARD } from './release-rule';
import { count, doneKeys, emptyReport, type RestoreReport, type Stop } from './restore-report';

/** Where records come from. */
export interface RecordSource {
  /** Reads from the beginning; called again where all must be written anew. */
  records(): AsyncIterable<SnapshotRecord>;
  /** How many records there will be: exactly, or at most. Asked when the restore stops before the end. */
  total(): { readonly keys: number; readonly exact: boolean };
}

export interface RestoreSettings {
  readonly replace: boolean;
  readonly pace: Pace;
  /** RDB version the server was found to take, see `assertRestorable`. */
  readonly newest: number | undefined;
  /** Why a record does not belong into the target, such as `of another release`; undefined where it does. */
  readonly leaveOut?: (record: SnapshotRecord) => string | undefined;
  /** Reads everything and asks the server, but writes nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (done: number) => void;
}

/**
 * Writes records into a server. Stops by itself, with the numbers so far, when the server is out of memory, turns
 * read-only, stays away or refuses, when a payload is newer than it can read, or when the source cannot be read to its
 * end. Where another server process answers (a restart, a failover) it may have lost what was written, and all is
 * written again.
 * @throws only what is a mistake of this program
 */
export async function restoreAll(
  redis: BulkRedis,
  source: RecordSource,
  settings: RestoreSettings,
): Promise<RestoreReport> {
  const reconnects = redis.reconnects;
  for (let restarts = 0; ; restarts += 1) {
    const pass = new Pass(redis, settings, restarts > 0);
    await pass.run(source.records());
    const found = { restarts, reconnects: redis.reconnects - reconnects };
    if (!pass.interrupted || settings.dryRun === true) return counted({ ...pass.report, ...found }, source);
    const { stop } = pass.report;
    if (stop?.reason === 'unreachable' || restarts === MAX_RESTARTS) {
      return counted({ ...emptyReport(), ...found, stop: stop ?? UNSTEADY }, source);
    }
  }
}

const UNSTEADY: Stop = {
  reason: 'unsteady',
  message: `Another server process answered at the target more than ${MAX_RESTARTS} times (restarts, or a failover back and forth), and may have lost what was written before. Run the same command again once it stays.`,
};

/** The report with the true number of keys that were not written. */
function counted(report: RestoreReport, source: RecordSource): RestoreReport {
  if (report.stop === undefined) return report;
  const { keys, exact } = source.total();
  const untried = Math.max(report.untried, keys - doneKeys(report));
  return { ...report, untried, untriedAtMost: !exact };
}

/** What the source threw, told from what the target did. */
class SourceFailed extends Error {
  constructor(cause: unknown) {
    super('the source failed', { cause });
    this.name = 'SourceFailed';
  }
}

/** One way through all records. */
class Pass {
  readonly report = emptyReport();
  #begunWith: string | undefined;

  /** @param repeated whether an earlier pass may have written some of the records */
  constructor(
    private readonly redis: BulkRedis,
    private readonly settings: RestoreSettings,
    private readonly repeated: boolean,
  ) {}

  /** Whether another server process has answered meanwhile. */
  get interrupted(): boolean {
    return this.#begunWith !== undefined && this.#begunWith !== this.redis.serverId;
  }

  async run(records: AsyncIterable<SnapshotRecord>): Promise<void> {
    try {
      await this.#writeAll(records);
    } catch (error) {
      this.report.stop = stopFor(error);
    }
  }

  async #writeAll(records: AsyncIterable<SnapshotRecord>): Promise<void> {
    const { report, redis, settings } = this;
    const before = await evictedKeys(redis);
    this.#begunWith = redis.serverId;
    for await (const batch of readAhead(inBatches(this.#wanted(records)))) {
      await this.#write(batch);
      settings.onProgress?.(doneKeys(report));
      if (report.stop !== undefined || this.interrupted) break;
    }
    // Also asks who answers now: a server that restarted after the last batch shows here.
    const after = await evictedKeys(redis);
    if (before !== undefined && after !== undefined && after >= before) report.evicted = after - before;
  }

  async *#wanted(records: AsyncIterable<SnapshotRecord>): AsyncGenerator<SnapshotRecord> {
    const { leftOut } = this.report;
    try {
      for await (const record of records) {
        const reason = this.settings.leaveOut?.(record);
        if (reason === undefined) yield record;
        else leftOut[reason] = (leftOut[reason] ?? 0) + 1;
      }
    } catch (error) {
      throw new SourceFailed(error);
    }
  }

  async #write(batch: readonly SnapshotRecord[]): Promise<void> {
    const { report, redis, settings, repeated } = this;
    const { newest = 0, dryRun = false } = settings;
    const tooNew = batch.find((record) => (rdbVersion(record.payload) ?? 0) > newest);
    if (tooNew !== undefined) {
      report.stop = newerPayload(tooNew, newest);
      return;
    }
    const outcomes = dryRun
      ? await foreseeBatch(redis, batch, settings)
      : await restoreBatch(redis, batch, { ...settings, repeated, guard: RELEASE_GUARD });
    for (const [index, outcome] of outcomes.entries()) {
      const record = batch[index];
      if (record !== undefined) count(report, record, outcome);
    }
  }
}

/** @throws the error where it is none that a run must expect */
function stopFor(error: unknown): Stop {
  if (error instanceof SourceFailed) {
    const { cause } = error;
    const expected = [RedisUnavailable, ReadRefused, UnsteadyServer, AppError].some(
      (kind) => cause instanceof kind,
    );
    if (!expected || !(cause instanceof Error)) throw cause;
    return { reason: 'source', message: `The source could not be read to its end: ${cause.message}` };
  }
  if (error instanceof RedisUnavailable) {
    const message = `The connection to the target was lost and did not come back (${error.failure}). Run the same command again when it answers; it goes on where it stopped.`;
    return { reason: 'unreachable', message };
  }
  if (error instanceof ReadRefused) {
    return { reason: 'refused', message: `The target refuses what a restore needs. ${error.message}` };
  }
  throw error;
}

function newerPayload(record: SnapshotRecord, newest: number): Stop {
  const version = rdbVersion(record.payload) ?? 0;
  return {
    reason: 'newer-payload',
    message: `Key ${printableKey(record.key)} was dumped in RDB version ${version}, newer than ${newest}, the newest its manifest names. The backup was changed after it was made; run \`backup verify\`.`,
  };
}

async function evictedKeys(redis: BulkRedis): Promise<number | undefined> {
  const { replies } = await redis.exchange([['INFO', 'stats']]);
  return Buffer.isBuffer(replies[0]) ? parseInfo(replies[0].toString()).evictedKeys : undefined;
}
