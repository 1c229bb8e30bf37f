import { dayBefore } from '../../codes/days';
import type { CodeRecord, CodeState } from '../../codes/record';
import { type Span, statesOf } from '../../codes/states';

/**
 * A record spelt as all are: members in one order, open ends left out. Releases that say the same are then the same
 * bytes, however each of them was built.
 */
export function canonicalRecord(record: CodeRecord): CodeRecord {
  const { type, code, description, shortDescription, category, billable } = record;
  const { earlier = [], notes, earlierNotes = [], replacedBy = [] } = record;
  return {
    type,
    code,
    description,
    shortDescription,
    category,
    billable,
    ...knownEnds(record),
    ...(earlier.length === 0 ? {} : { earlier: earlier.map(canonicalState) }),
    ...(notes === undefined ? {} : { notes }),
    ...(earlierNotes.length === 0 ? {} : { earlierNotes }),
    ...(replacedBy.length === 0 ? {} : { replacedBy }),
  };
}

/** Whether two states say the same of a code; their days are left aside. */
export function saysTheSame(a: CodeState, b: CodeState): boolean {
  return (
    a.billable === b.billable && a.description === b.description && a.shortDescription === b.shortDescription
  );
}

/** A record whose last state has these days. */
export function withDays(record: CodeRecord, { validFrom, validTo }: Span): CodeRecord {
  return { ...record, validFrom, validTo };
}

/** A record that has ended by the day before `from`, if it had not ended already. */
export function endedBefore(record: CodeRecord, from: string): CodeRecord {
  const over = record.validTo !== undefined && record.validTo < from;
  return over ? record : { ...record, validTo: dayBefore(from) };
}

/** A record that says something else, or the same once more, in these days. */
export function withState(before: CodeRecord, now: CodeState, { validFrom, validTo }: Span): CodeRecord {
  return { ...before, ...textOf(now), validFrom, validTo, earlier: statesOf(before) };
}

/** A record without its last state; undefined when it has no other. */
export function withoutLastState({ earlier = [], ...record }: CodeRecord): CodeRecord | undefined {
  const last = earlier.at(-1);
  if (last === undefined) return undefined;
  const { validFrom, validTo } = last;
  return { ...record, ...textOf(last), validFrom, validTo, earlier: earlier.slice(0, -1) };
}

/** What a state says, without its days. */
export function textOf({
  billable,
  description,
  shortDescription,
}: CodeState): Pick<CodeState, 'billable' | 'description' | 'shortDescription'> {
  return { billable, description, shortDescription };
}

function canonicalState(state: CodeState): CodeState {
  const { billable, description, shortDescription } = state;
  return { ...knownEnds(state), billable, description, shortDescription };
}

function knownEnds({ validFrom, validTo }: Span): Span {
  return {
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
  };
}
