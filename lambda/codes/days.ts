/** Days as `YYYY-MM-DD`, which compare as text. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Whether a text is a day of the calendar. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The day before a day. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}

/** Midnight of the first Sunday on or after a day, as if clocks showed UTC; milliseconds since 1970. */
function sundayFrom(year: number, month: number, day: number): number {
  const first = new Date(Date.UTC(year, month, day));
  return first.getTime() + ((7 - first.getUTCDay()) % 7) * DAY_MS;
}

/**
 * Milliseconds by which New York's clocks are behind UTC: since 2007 four hours from the second Sunday of March to the
 * first of November, 2:00 each, else five (Energy Policy Act of 2005). By hand, because loading the time zones of Intl
 * takes a tenth of a cold start; a test compares the two.
 */
function behindUtc(now: number): number {
  const year = new Date(now).getUTCFullYear();
  const begins = sundayFrom(year, 2, 8) + 7 * HOUR_MS;
  const ends = sundayFrom(year, 10, 1) + 6 * HOUR_MS;
  return (now >= begins && now < ends ? 4 : 5) * HOUR_MS;
}

/** A day in New York, where code sets change at midnight. */
export interface Today {
  readonly day: string;
  /** When it begins and ends, milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
}

let known: Today | undefined;

/**
 * The day it is in New York.
 * @param now milliseconds since 1970
 */
export function todayInNewYork(now: number): Today {
  if (known !== undefined && now >= known.since && now < known.until) return known;
  const day = new Date(now - behindUtc(now)).toISOString().slice(0, 10);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Clocks change at night, but never at midnight.
  const utc = (local: number): number => local + behindUtc(local + 5 * HOUR_MS);
  known = { day, since: utc(midnight), until: utc(midnight + DAY_MS) };
  return known;
}
