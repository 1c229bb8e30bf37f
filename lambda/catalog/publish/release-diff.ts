import type { CodeRecord } from '../../codes/record';
import { CODE_TYPES, type CodeType } from '../../names/code-types';
import { eachDifferingObject } from './differing-objects';
import type { CodeCounts } from '../manifest';
import { parseRecordShard } from '../shards';
import type { ObjectStore } from '../../store/object-store';
import { requireManifest } from '../stored-manifest';

/** A code that only one of the two releases has. */
export interface ListedChange {
  code: string;
  description: string;
  billable: boolean;
}

/** What became of one code system between two releases. Lists are sorted by code. */
export interface CodeSystemDiff {
  before: CodeCounts;
  after: CodeCounts;
  added: ListedChange[];
  removed: ListedChange[];
  /** Codes whose long description changed. */
  revised: { code: string; before: string; after: string }[];
  /** Codes that both releases have, billable in one and a header in the other. */
  billableChanged: { code: string; billable: boolean }[];
  /** Codes in which only something else changed: short description, dates, notes. */
  otherwiseChanged: string[];
  /** Billable codes that were not billable before, or not there; and the other way round. */
  billableAdded: number;
  billableRemoved: number;
}

export interface CatalogDiff {
  from: string;
  to: string;
  types: Partial<Record<CodeType, CodeSystemDiff>>;
}

const NONE: CodeCounts = { total: 0, billable: 0, header: 0, ended: 0 };

/**
 * Compares the codes of two releases, reading only shards that differ.
 * @throws CatalogConflict when one of them is not complete
 */
export async function diffReleases(
  store: ObjectStore,
  from: string,
  to: string,
  onProgress?: (done: number, total: number) => void,
): Promise<CatalogDiff> {
  const { manifest: before } = await requireManifest(store, from);
  const { manifest: after } = await requireManifest(store, to);
  const types: Partial<Record<CodeType, CodeSystemDiff>> = {};
  for (const type of CODE_TYPES) {
    if (before.counts[type] === undefined && after.counts[type] === undefined) continue;
    types[type] = emptyDiff(before.counts[type] ?? NONE, after.counts[type] ?? NONE);
  }
  await eachDifferingObject(
    store,
    before,
    after,
    async (object) => {
      if (object.kind !== 'records') return;
      const diff = types[object.type];
      if (diff === undefined) return;
      const [old, current] = await Promise.all([
        object.before(parseRecordShard),
        object.after(parseRecordShard),
      ]);
      compare(diff, byCode(old ?? []), byCode(current ?? []));
    },
    onProgress,
  );
  for (const diff of Object.values(types)) sort(diff);
  return { from, to, types };
}

function emptyDiff(before: CodeCounts, after: CodeCounts): CodeSystemDiff {
  return {
    before,
    after,
    added: [],
    removed: [],
    revised: [],
    billableChanged: [],
    otherwiseChanged: [],
    billableAdded: 0,
    billableRemoved: 0,
  };
}

function byCode(records: readonly CodeRecord[]): Map<string, CodeRecord> {
  return new Map(records.map((record) => [record.code, record]));
}

function compare(
  diff: CodeSystemDiff,
  before: ReadonlyMap<string, CodeRecord>,
  after: ReadonlyMap<string, CodeRecord>,
): void {
  for (const code of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(code);
    const current = after.get(code);
    if (current?.billable === true && old?.billable !== true) diff.billableAdded += 1;
    if (old?.billable === true && current?.billable !== true) diff.billableRemoved += 1;
    if (old === undefined) {
      if (current !== undefined) diff.added.push(listed(current));
    } else if (current === undefined) {
      diff.removed.push(listed(old));
    } else {
      compareRecords(diff, old, current);
    }
  }
}

function compareRecords(diff: CodeSystemDiff, before: CodeRecord, after: CodeRecord): void {
  const { code } = after;
  const revised = before.description !== after.description;
  const billableChanged = before.billable !== after.billable;
  if (revised) diff.revised.push({ code, before: before.description, after: after.description });
  if (billableChanged) diff.billableChanged.push({ code, billable: after.billable });
  const otherwise = !revised && !billableChanged && JSON.stringify(before) !== JSON.stringify(after);
  if (otherwise) diff.otherwiseChanged.push(code);
}

function listed({ code, description, billable }: CodeRecord): ListedChange {
  return { code, description, billable };
}

/** Shards arrive in any order; a report should not. */
function sort(diff: CodeSystemDiff): void {
  const compareCodes = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1);
  diff.added.sort(compareCodes);
  diff.removed.sort(compareCodes);
  diff.revised.sort(compareCodes);
  diff.billableChanged.sort(compareCodes);
  diff.otherwiseChanged.sort();
}
