import { firstDayAfter } from '../../codes/editions';
import type { CodeRecord } from '../../codes/record';
import { CODE_TYPES, type CodeType } from '../../names/code-types';
import { InvalidRequest } from '../../names/errors';
import type { ObjectStore } from '../../store/object-store';
import { type CodeCounts, editionDaysOf, type Manifest } from '../manifest';
import { parseCrosswalkShard, parseRecordShard } from '../shards';
import { requireManifest } from '../stored-manifest';
import {
  type CodeSystemDiff,
  type ComparedDays,
  compareRecords,
  countOn,
  noChanges,
  sortChanges,
} from './code-changes';
import { type DifferingObject, eachDifferingObject } from './differing-objects';
import { type CrosswalkDiff, linkChanges } from './link-changes';

/** A release, or what is active in it on a day. */
export interface DiffSide {
  readonly release: string;
  /** `YYYY-MM-DD` */
  readonly on?: string | undefined;
}

/** A system that one side knows nothing of on its day. */
export interface NotCompared {
  type: CodeType;
  release: string;
  on: string;
  firstDay: string;
}

export interface CatalogDiff {
  from: DiffSide;
  to: DiffSide;
  types: Partial<Record<CodeType, CodeSystemDiff>>;
  notCompared: NotCompared[];
  /** Links have no dates: those of two releases are compared whole. Absent for one release, and where there are none. */
  crosswalk?: CrosswalkDiff;
}

const NONE: CodeCounts = { total: 0, billable: 0, header: 0, ended: 0 };

/**
 * Compares two releases by what is last known of their codes, reading only objects that differ; or what is active on a
 * day of each, reading all records.
 * @throws InvalidRequest when one side has a day and the other none
 * @throws CatalogConflict when one of the releases is not complete
 */
export async function diffReleases(
  store: ObjectStore,
  from: DiffSide,
  to: DiffSide,
  onProgress?: (done: number, total: number) => void,
): Promise<CatalogDiff> {
  if ((from.on === undefined) !== (to.on === undefined)) {
    throw new InvalidRequest('on', 'A day compares only with a day: give one to both releases, or to none.');
  }
  const { manifest: before } = await requireManifest(store, from.release);
  const { manifest: after } = await requireManifest(store, to.release);
  const days: ComparedDays = { before: from.on, after: to.on };
  const diff: CatalogDiff = { from, to, types: {}, notCompared: [] };
  for (const type of CODE_TYPES) {
    if (before.counts[type] === undefined && after.counts[type] === undefined) continue;
    const unknown = [tooEarly(before, type, days.before), tooEarly(after, type, days.after)];
    const notCompared = unknown.find((each) => each !== undefined);
    if (notCompared !== undefined) diff.notCompared.push(notCompared);
    else diff.types[type] = noChanges(countsOf(before, type, days.before), countsOf(after, type, days.after));
  }
  if (from.release !== to.release && before.crosswalkLinks + after.crosswalkLinks > 0) {
    diff.crosswalk = { before: before.crosswalkLinks, after: after.crosswalkLinks, changes: [] };
  }
  await eachDifferingObject(store, before, after, (object) => compareObject(diff, object, days), {
    equalRecords: days.before !== undefined,
    onProgress,
  });
  for (const changes of Object.values(diff.types)) sortChanges(changes);
  diff.crosswalk?.changes.sort((a, b) => (a.icd10 < b.icd10 ? -1 : 1));
  return diff;
}

/** Why nothing can be said of a system on a day, where it is before the release's first edition of it. */
function tooEarly(manifest: Manifest, type: CodeType, on: string | undefined): NotCompared | undefined {
  if (on === undefined) return undefined;
  const firstDay = firstDayAfter(type, editionDaysOf(manifest)[type], on);
  return firstDay === undefined ? undefined : { type, release: manifest.release, on, firstDay };
}

/** What a whole release counts; on a day it is counted as its records are read. */
function countsOf(manifest: Manifest, type: CodeType, on: string | undefined): CodeCounts {
  return on === undefined ? (manifest.counts[type] ?? NONE) : NONE;
}

async function compareObject(diff: CatalogDiff, object: DifferingObject, days: ComparedDays): Promise<void> {
  if (object.kind === 'records') {
    const changes = diff.types[object.type];
    if (changes === undefined) return;
    const after = await object.after(parseRecordShard);
    const before = object.equal ? after : await object.before(parseRecordShard);
    count(changes.before, before ?? [], days.before);
    count(changes.after, after ?? [], days.after);
    compareShards(changes, before ?? [], after ?? [], days);
  } else if (object.kind === 'crosswalk') {
    const before = await object.before(parseCrosswalkShard);
    const after = await object.after(parseCrosswalkShard);
    diff.crosswalk?.changes.push(...linkChanges(before, after));
  }
}

function count(counts: CodeCounts, records: readonly CodeRecord[], on: string | undefined): void {
  if (on !== undefined) for (const record of records) countOn(counts, record, on);
}

function compareShards(
  changes: CodeSystemDiff,
  before: readonly CodeRecord[],
  after: readonly CodeRecord[],
  days: ComparedDays,
): void {
  const former = new Map(before.map((record) => [record.code, record]));
  for (const record of after) {
    compareRecords(changes, former.get(record.code), record, days);
    former.delete(record.code);
  }
  for (const record of former.values()) compareRecords(changes, record, undefined, days);
}
