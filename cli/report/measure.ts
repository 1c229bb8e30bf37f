import { Refusal } from '../../lambda/redis/bulk-connection';
import type { Pace } from '../../lambda/snapshot/pace';
import { type OperatorNode, type OperatorRedis, textOf } from '../operator-redis';
import { FAMILIES, type Family, familyOf } from './families';

/** How the sampled values were weighed. */
export type Method = 'MEMORY USAGE' | 'DUMP';

export interface FamilySize {
  readonly family: Family;
  readonly keys: number;
  /** Of all its keys, projected from the sample. */
  readonly bytes: number;
  readonly sampled: number;
}

export interface Measurement {
  /** Families that hold keys, in the report's order. */
  readonly families: readonly FamilySize[];
  readonly method: Method;
}

export interface MeasureHost {
  readonly redis: OperatorRedis;
  readonly pace: Pace;
  /** Keys of a family weighed on each node. */
  readonly samples: number;
  onKeys?(keys: number): void;
}

const SCAN_COUNT = 1_000;

/**
 * What a key costs beside its dumped value: name, object, table entry, expiry. Where MEMORY USAGE is
 * forbidden this stands in for it: 134 B are the floor of a key with a 1-byte value and a short name.
 */
const KEY_OVERHEAD_BYTES = 115;
/** Version and checksum at the end of a DUMP. */
const DUMP_FOOTER_BYTES = 10;

interface Tally {
  keys: number;
  sample: Buffer[];
  sampledBytes: number;
  sampled: number;
}

/**
 * Counts every key by SCAN and weighs a sample of each family, at the given pace. A key that SCAN shows twice
 * counts twice, which is rare; a sampled key that is gone meanwhile does not count.
 */
export async function measureFamilies(host: MeasureHost): Promise<Measurement> {
  const totals = new Map<Family, { keys: number; bytes: number; sampled: number }>();
  let method: Method = 'MEMORY USAGE';
  let seen = 0;
  for (const node of host.redis.nodes) {
    const tallies = await scan(node, host, (keys) => host.onKeys?.((seen += keys)));
    for (const [family, tally] of tallies) {
      method = await weigh(node, host, tally, method);
      const total = totals.get(family) ?? { keys: 0, bytes: 0, sampled: 0 };
      const average = tally.sampled === 0 ? 0 : tally.sampledBytes / tally.sampled;
      totals.set(family, {
        keys: total.keys + tally.keys,
        bytes: total.bytes + average * tally.keys,
        sampled: total.sampled + tally.sampled,
      });
    }
  }
  const families = FAMILIES.flatMap((family) => {
    const total = totals.get(family);
    return total === undefined ? [] : [{ family, ...total, bytes: Math.round(total.bytes) }];
  });
  return { families, method };
}

/** SCAN walks the hash table, so the first keys of a family are as random a sample as any. */
async function scan(
  node: OperatorNode,
  { pace, samples }: MeasureHost,
  onKeys: (keys: number) => void,
): Promise<Map<Family, Tally>> {
  const tallies = new Map<Family, Tally>();
  let cursor = '0';
  do {
    await pace.take(1);
    const [reply] = await node.exchange([['SCAN', cursor, 'COUNT', SCAN_COUNT]]);
    const page: readonly unknown[] = Array.isArray(reply) ? reply : [];
    const next = textOf(page[0]);
    const found: unknown = page[1];
    if (next === undefined || !Array.isArray(found)) throw new Error('Redis refuses SCAN.');
    cursor = next;
    for (const key of found) {
      if (!Buffer.isBuffer(key)) continue;
      const family = familyOf(key.toString());
      const tally = tallies.get(family) ?? { keys: 0, sample: [], sampledBytes: 0, sampled: 0 };
      tallies.set(family, tally);
      tally.keys += 1;
      if (tally.sample.length < samples) tally.sample.push(key);
    }
    onKeys(found.length);
  } while (cursor !== '0');
  return tallies;
}

/** Keys weighed in one exchange. */
const BATCH = 50;

async function weigh(
  node: OperatorNode,
  { pace }: MeasureHost,
  tally: Tally,
  method: Method,
): Promise<Method> {
  let used = method;
  for (let start = 0; start < tally.sample.length; start += BATCH) {
    const batch = tally.sample.slice(start, start + BATCH);
    await pace.take(batch.length);
    let replies = await weighBatch(node, batch, used);
    if (used === 'MEMORY USAGE' && replies.some((reply) => reply instanceof Refusal)) {
      used = 'DUMP';
      await pace.take(batch.length);
      replies = await weighBatch(node, batch, used);
    }
    batch.forEach((key, index) => {
      const bytes = bytesIn(replies[index], key);
      if (bytes === undefined) return;
      tally.sampled += 1;
      tally.sampledBytes += bytes;
    });
  }
  return used;
}

function weighBatch(node: OperatorNode, batch: readonly Buffer[], method: Method): Promise<unknown[]> {
  // Five elements of a collection tell its size well enough, and cost little.
  return node.exchange(
    batch.map((key) =>
      method === 'DUMP' ? (['DUMP', key] as const) : (['MEMORY', 'USAGE', key, 'SAMPLES', 5] as const),
    ),
  );
}

function bytesIn(reply: unknown, key: Buffer): number | undefined {
  if (typeof reply === 'number') return reply;
  if (!Buffer.isBuffer(reply)) return undefined;
  return Math.max(0, reply.length - DUMP_FOOTER_BYTES) + key.length + KEY_OVERHEAD_BYTES;
}
