import { type DatedRecord, recordOn } from '../../codes/dated-record';
import type { CodeRecord } from '../../codes/record';
import { statesOf } from '../../codes/states';
import type { CodeCounts } from '../manifest';
import { type NoteChange, noteChanges } from './note-changes';

/** A day after every other: on it a code is what its last state says. */
const END_OF_DAYS = '9999-12-31';

/** A code that is active on the later side only. */
interface Added {
  code: string;
  description: string;
  billable: boolean;
}

/** A code that is active on the former side only, as it was there. */
interface Ended extends Added {
  /** Last day on which it was active; null where no record tells it. */
  lastDay: string | null;
  replacedBy: string[];
}

interface Revised {
  code: string;
  before: string;
  after: string;
}

interface TurnedHeader {
  code: string;
  description: string;
  replacedBy: string[];
}

/** What became of one code system between two sides. Lists are sorted by code. */
export interface CodeSystemDiff {
  before: CodeCounts;
  after: CodeCounts;
  added: Added[];
  ended: Ended[];
  /** Codes whose long description changed. */
  revised: Revised[];
  /** Codes whose short description alone changed. */
  shortRevised: Revised[];
  /** Codes that are active on both sides, billable before and a header after; and the other way round. */
  turnedHeader: TurnedHeader[];
  turnedBillable: { code: string; description: string }[];
  /** Codes whose notes changed, with what was said and is said no more, and the other way round. */
  notes: { code: string; changes: NoteChange[] }[];
  /**
   * Codes in which only something else changed: dates, earlier states or notes, the order of notes, replacements. Empty
   * where two different days are compared, on which these need not agree.
   */
  otherwiseChanged: string[];
  /** Billable codes that were not billable before, or not there; and the other way round. */
  billableAdded: number;
  billableRemoved: number;
}

/** The days that two sides are compared on; undefined where whole releases are. */
export interface ComparedDays {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export function noChanges(before: CodeCounts, after: CodeCounts): CodeSystemDiff {
  return {
    before: { ...before },
    after: { ...after },
    added: [],
    ended: [],
    revised: [],
    shortRevised: [],
    turnedHeader: [],
    turnedBillable: [],
    notes: [],
    otherwiseChanged: [],
    billableAdded: 0,
    billableRemoved: 0,
  };
}

/** Adds to `diff` what is different between the records of one code; undefined where a side does not know it. */
export function compareRecords(
  diff: CodeSystemDiff,
  before: CodeRecord | undefined,
  after: CodeRecord | undefined,
  days: ComparedDays,
): void {
  const old = before && recordOn(before, days.before ?? END_OF_DAYS);
  const current = after && recordOn(after, days.after ?? END_OF_DAYS);
  if (current?.billable === true && old?.billable !== true) diff.billableAdded += 1;
  if (old?.billable === true && current?.billable !== true) diff.billableRemoved += 1;
  const listed = compareAnswers(diff, old, current, after && lastDayBefore(after, days.after));
  if (!listed && differsOtherwise({ before, old }, { after, current }, days)) {
    diff.otherwiseChanged.push((after ?? before)?.code ?? '');
  }
}

/** Whether it found a change that has a list of its own. */
function compareAnswers(
  diff: CodeSystemDiff,
  old: DatedRecord | undefined,
  current: DatedRecord | undefined,
  lastDay: string | undefined,
): boolean {
  const was = old?.status === 'active' ? old : undefined;
  const is = current?.status === 'active' ? current : undefined;
  if (was === undefined) {
    if (is !== undefined) diff.added.push(outlined(is));
    return is !== undefined;
  }
  if (is === undefined) {
    const replacedBy = current?.replacedBy ?? was.replacedBy ?? [];
    diff.ended.push({ ...outlined(was), lastDay: lastDay ?? was.validTo, replacedBy });
    return true;
  }
  return compareActive(diff, was, is);
}

function compareActive(diff: CodeSystemDiff, old: DatedRecord, current: DatedRecord): boolean {
  const { code, description, replacedBy = [] } = current;
  const revised = old.description !== description;
  const shortRevised = !revised && old.shortDescription !== current.shortDescription;
  const turned = old.billable !== current.billable;
  const changes = noteChanges(old.notes, current.notes);
  if (revised) diff.revised.push({ code, before: old.description, after: description });
  if (shortRevised) {
    diff.shortRevised.push({ code, before: old.shortDescription, after: current.shortDescription });
  }
  if (turned && current.billable) diff.turnedBillable.push({ code, description });
  if (turned && !current.billable) diff.turnedHeader.push({ code, description, replacedBy });
  if (changes.length > 0) diff.notes.push({ code, changes });
  return revised || shortRevised || turned || changes.length > 0;
}

function outlined({ code, description, billable }: DatedRecord): Added {
  return { code, description, billable };
}

/** The end of the last state that was over by a day. */
function lastDayBefore(record: CodeRecord, on = END_OF_DAYS): string | undefined {
  return statesOf(record).findLast(({ validTo }) => validTo !== undefined && validTo < on)?.validTo;
}

/** Whole releases agree in all that a lookup may answer on any date, one day of both in what it answers on that. */
function differsOtherwise(
  { before, old }: { before: CodeRecord | undefined; old: DatedRecord | undefined },
  { after, current }: { after: CodeRecord | undefined; current: DatedRecord | undefined },
  days: ComparedDays,
): boolean {
  if (days.before !== days.after) return false;
  if (days.before === undefined) return JSON.stringify(before) !== JSON.stringify(after);
  return current?.status === 'active' && JSON.stringify(old) !== JSON.stringify(current);
}

/** Counts a code by what it is on a day: one that is still to come counts for nothing. */
export function countOn(counts: CodeCounts, record: CodeRecord, on: string): void {
  const { status, billable } = recordOn(record, on);
  if (status === 'future') return;
  counts.total += 1;
  counts[status === 'ended' ? 'ended' : billable ? 'billable' : 'header'] += 1;
}

/** Shards arrive in any order; a report should not. */
export function sortChanges(diff: CodeSystemDiff): void {
  const compareCodes = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1);
  diff.added.sort(compareCodes);
  diff.ended.sort(compareCodes);
  diff.revised.sort(compareCodes);
  diff.shortRevised.sort(compareCodes);
  diff.turnedHeader.sort(compareCodes);
  diff.turnedBillable.sort(compareCodes);
  diff.notes.sort(compareCodes);
  diff.otherwiseChanged.sort();
}
