import { dayBefore } from '../../codes/days';
import type { CodeRecord } from '../../codes/record';
import { mergedOrder } from './edition-order';
import { endedBefore, saysTheSame, textOf, withDays, withoutLastState, withState } from './state-changes';

/** A code system's records as one edition has them, in its official order. */
export interface EditionContent {
  /** First day; absent for a lone edition that holds for every date. */
  readonly from: string | undefined;
  readonly records: ReadonlyMap<string, CodeRecord>;
}

/** Takes an edition into what is known so far, all of earlier days. Both stay as they are. */
export type Fold = (
  known: ReadonlyMap<string, CodeRecord>,
  edition: EditionContent,
) => Map<string, CodeRecord>;

/** A code's record after an edition, given the one before and what the edition says; undefined for none. */
type Step = (
  before: CodeRecord | undefined,
  now: CodeRecord | undefined,
  from: string,
) => CodeRecord | undefined;

/**
 * For systems whose files say what is in force from a day on: a state lasts until the day before the first edition that
 * says something else, or does not have the code any more.
 */
export const foldByEdition = foldOf((before, now, from) => {
  if (now === undefined) return before && endedBefore(before, from);
  if (before === undefined) return { ...now, validFrom: from };
  if (before.validTo === undefined && saysTheSame(before, now)) return before;
  return withState(endedBefore(before, from), now, { validFrom: from });
});

/**
 * For HCPCS, whose records carry their own dates. A new wording holds from the day of its file; a code that a later file
 * leaves out without having named its end ended the day before, and one that was only announced never came.
 */
export const foldByRecords = foldOf((before, now, from) => {
  if (now === undefined) return before && leftOut(before, from);
  if (before === undefined) return { ...now, validFrom: now.validFrom ?? from };
  const resumed = isResumed(before, now, from);
  const start = resumed ? (now.validFrom ?? from) : laterOf(now.validFrom, from);
  const goesOn = !resumed || dayBefore(start) === before.validTo;
  if (goesOn && saysTheSame(before, now)) {
    return withDays(before, { validFrom: before.validFrom, validTo: now.validTo });
  }
  const days = { validFrom: start, validTo: now.validTo };
  // Its end came before the file that words it anew, so the wording is only a better one of what was.
  const over = !resumed && now.validTo !== undefined && now.validTo < start;
  if (over) return { ...before, ...textOf(now), validTo: now.validTo };
  if (before.validFrom === undefined || before.validFrom < start) {
    return withState(endedBefore(before, start), now, days);
  }
  const former = withoutLastState(before);
  return former === undefined
    ? { ...now, validFrom: now.validFrom ?? before.validFrom }
    : withState(former, now, days);
});

function foldOf(step: Step): Fold {
  return (known, { from, records }) => {
    if (from === undefined || known.size === 0) return new Map(records);
    const merged = new Map<string, CodeRecord>();
    for (const code of mergedOrder(known, records)) {
      const record = step(known.get(code), records.get(code), from);
      if (record !== undefined) merged.set(code, record);
    }
    return merged;
  };
}

function leftOut(before: CodeRecord, from: string): CodeRecord | undefined {
  if (before.validTo !== undefined) return before;
  const announced = before.validFrom !== undefined && before.validFrom >= from;
  return announced ? withoutLastState(before) : endedBefore(before, from);
}

/** Whether a code that had ended is there again. */
function isResumed({ validTo }: CodeRecord, now: CodeRecord, from: string): boolean {
  if (validTo === undefined) return false;
  if (now.validFrom !== undefined) return now.validFrom > validTo;
  return validTo < dayBefore(from) && now.validTo !== validTo;
}

function laterOf(day: string | undefined, other: string): string {
  return day === undefined || day < other ? other : day;
}
