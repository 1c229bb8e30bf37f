import { keys } from '../../names/keys';
import { type DifferingObject, eachDifferingObject, type ObjectReading } from '../diff/differing-objects';
import { linksIn } from '../link-groups';
import type { Manifest } from '../manifest';
import {
  categoryEntry,
  categoryIsShard,
  parseCategoryShard,
  parseCrosswalkShard,
  parseRecordShard,
  type RecordShard,
} from '../shards';
import type { ObjectStore } from '../../store/object-store';

export interface ChangedKeys {
  keys: string[];
  /** Objects of the former release that cannot be read any more; keys only they knew are not among `keys`. */
  unreadable: string[];
}

/**
 * The Redis keys whose value differs between two releases: records, categories, crosswalk lists and pairs. A
 * code that one release lacks counts, because the cache may remember it as unknown. `before` undefined stands
 * for a cache that may hold anything, and gives every key of `after`.
 * @throws SourceUnavailable when an object of `after` cannot be read
 */
export async function changedKeys(
  store: ObjectStore,
  before: Manifest | undefined,
  after: Manifest,
  onProgress?: (done: number, total: number) => void,
): Promise<ChangedKeys> {
  const changed: ChangedKeys = { keys: [], unreadable: [] };
  await eachDifferingObject(
    store,
    before,
    after,
    async (object) => {
      // A damaged former release must not stand in the way of the publish that replaces it.
      const former: ObjectReading = async (parse) => {
        try {
          return await object.before(parse);
        } catch {
          changed.unreadable.push(object.name);
          return undefined;
        }
      };
      changed.keys.push(...(await keysOf({ ...object, before: former })));
    },
    { onProgress },
  );
  return changed;
}

async function keysOf(object: DifferingObject): Promise<string[]> {
  switch (object.kind) {
    case 'records': {
      const [before, after] = await both(object, parseRecordShard);
      return recordKeys(object, before ?? [], after ?? []);
    }
    case 'category': {
      const [before, after] = await both(object, parseCategoryShard);
      return same(before, after) ? [] : [keys.category(object.type, object.name)];
    }
    case 'crosswalk': {
      const [before, after] = await both(object, parseCrosswalkShard);
      const codes = new Set([...Object.keys(before?.codes ?? {}), ...Object.keys(after?.codes ?? {})]);
      return [...codes].flatMap((icd10) => linkKeys(icd10, linksIn(before, icd10), linksIn(after, icd10)));
    }
  }
}

async function both<T>(
  { before, after }: DifferingObject,
  parse: (bytes: Uint8Array) => T,
): Promise<[T | undefined, T | undefined]> {
  return Promise.all([before(parse), after(parse)]);
}

function recordKeys(
  { type, name }: DifferingObject & { kind: 'records' },
  before: RecordShard,
  after: RecordShard,
): string[] {
  const changed = differing(
    before.map((record) => [record.code, record]),
    after.map((record) => [record.code, record]),
  ).map((code) => keys.code(type, code));
  if (categoryIsShard(type) && !same(before.map(categoryEntry), after.map(categoryEntry))) {
    changed.push(keys.category(type, name));
  }
  return changed;
}

type Links = ReturnType<typeof linksIn>;

function linkKeys(icd10: string, before: Links, after: Links): string[] {
  if (same(before, after)) return [];
  const pairs = differing(
    before.map((link) => [link.cpt, link]),
    after.map((link) => [link.cpt, link]),
  );
  return [keys.crosswalk(icd10), ...pairs.map((cpt) => keys.crosswalkPair(icd10, cpt))];
}

/** Names whose value differs, or which only one side has. */
function differing(
  before: readonly (readonly [name: string, value: unknown])[],
  after: readonly (readonly [name: string, value: unknown])[],
): string[] {
  const left = new Map(before.map(([name, value]) => [name, JSON.stringify(value)]));
  const right = new Map(after.map(([name, value]) => [name, JSON.stringify(value)]));
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => left.get(name) !== right.get(name));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
