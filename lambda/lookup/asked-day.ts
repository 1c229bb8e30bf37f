import type { Answer } from '../cache/entry';
import { todayInNewYork } from '../codes/days';
import { type EditionDays, editionOn, firstDayAfter } from '../codes/editions';
import type { CodeType } from '../names/code-types';
import { NoEdition } from './no-edition';

/** The date a question is about. */
export interface AskedDay {
  /** `YYYY-MM-DD` */
  readonly on: string;
  /** Seconds that are left of today; undefined where the caller named a date. */
  readonly goodFor: number | undefined;
}

/** The date that was named, or today in New York. */
export function dayAsked(on: string | undefined, now: number): AskedDay {
  if (on !== undefined) return { on, goodFor: undefined };
  const { day, until } = todayInNewYork(now);
  return { on: day, goodFor: Math.floor((until - now) / 1_000) };
}

/** An answer about a date. */
export interface DatedAnswer<T> extends Answer<T> {
  /** First day of the edition that it is from; undefined where that is not known, or there are several. */
  readonly edition: string | undefined;
  /** Seconds for which it answers the same question, as far as the date goes; undefined where a date was named. */
  readonly goodFor: number | undefined;
}

/**
 * The edition that answers for a date. Where nobody knows which release a value is of, nobody knows its editions.
 * @throws NoEdition for a date before the system's first
 */
export function editionFor(
  editions: EditionDays | undefined,
  type: CodeType,
  { on }: AskedDay,
  answer: Answer<unknown>,
): string | undefined {
  const days = editions?.[type];
  const first = firstDayAfter(type, days, on);
  if (first !== undefined) throw new NoEdition(type, on, first, answer);
  return editionOn(days, on);
}
