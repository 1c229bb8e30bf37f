import type { CodeRecord, CodeState, Notes } from './record';

/** What a code is on a date. */
export const STATUSES = ['active', 'future', 'ended'] as const;
export type Status = (typeof STATUSES)[number];

/** The days of a state; both inclusive, absent where open. */
export type Span = Pick<CodeState, 'validFrom' | 'validTo'>;

/** A state of any kind with those before it. */
export type WithEarlier<S extends Span> = S & { readonly earlier?: readonly S[] | undefined };

/** The state that answers for a date, and what the code is on that date. */
export interface Standing<S extends Span> {
  readonly state: S;
  readonly status: Status;
}

/**
 * The state in force on a date; where none is, the one that comes next, else the last.
 * @param on `YYYY-MM-DD`
 */
export function standingOn<S extends Span>(last: WithEarlier<S>, on: string): Standing<S> {
  // ISO dates compare as text.
  const state = last.earlier?.find(({ validTo }) => validTo === undefined || validTo >= on) ?? last;
  return { state, status: statusOn(state, on) };
}

/** What a state is on a date. */
export function statusOn({ validFrom, validTo }: Span, on: string): Status {
  if (validFrom !== undefined && validFrom > on) return 'future';
  return validTo !== undefined && validTo < on ? 'ended' : 'active';
}

/** All states of a code, oldest first. */
export function statesOf({
  validFrom,
  validTo,
  billable,
  description,
  shortDescription,
  earlier = [],
}: CodeRecord): CodeState[] {
  return [...earlier, { validFrom, validTo, billable, description, shortDescription }];
}

/** The notes in force on a date. */
export function notesOn({ notes, earlierNotes }: CodeRecord, on: string): Notes | undefined {
  const former = earlierNotes?.find(({ until }) => until >= on);
  return former === undefined ? notes : former.notes;
}

/** Codes that took a code's place by a date. */
export function replacementsOn({ replacedBy = [] }: CodeRecord, on: string): string[] {
  return [...new Set(replacedBy.filter(({ from }) => from <= on).flatMap(({ codes }) => codes))];
}
