import { BUDGET, MAX_BATCH_KEYS } from './batch-sizer';
import type { SnapshotRecord } from './record';

/** Limits of one exchange with the server. */
export interface BatchLimits {
  readonly keys: number;
  /** Of payloads; one larger record is a batch of its own. */
  readonly bytes: number;
}

export const DEFAULT_BATCH: BatchLimits = { keys: MAX_BATCH_KEYS, bytes: BUDGET.batch };

/** Groups a stream of records, in order. */
export async function* inBatches(
  records: AsyncIterable<SnapshotRecord>,
  limits: BatchLimits = DEFAULT_BATCH,
): AsyncGenerator<SnapshotRecord[]> {
  let batch: SnapshotRecord[] = [];
  let bytes = 0;
  for await (const record of records) {
    if (batch.length > 0 && (batch.length >= limits.keys || bytes + record.payload.length > limits.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += record.payload.length;
    // At once, not with the next record in hand: a large value never waits beside another.
    if (bytes < limits.bytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
