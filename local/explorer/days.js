/** Days as the API has them, `YYYY-MM-DD`, in words. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;

/** `31 Dec 2014`: read alike on both sides of the Atlantic. */
export function inWords(day) {
  const [year, month, date] = day.split('-').map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

/** Days a state is in force; undefined where both ends are open. */
export function spanInWords({ validFrom, validTo }) {
  if (validFrom !== null && validTo !== null) return `${inWords(validFrom)} to ${inWords(validTo)}`;
  if (validFrom !== null) return `from ${inWords(validFrom)}`;
  return validTo === null ? undefined : `until ${inWords(validTo)}`;
}

/** The date a question is about, as a card's head says it. */
export function askedInWords(on) {
  return on === undefined ? 'today' : `on ${inWords(on)}`;
}

/** The day so many days later. */
export function dayLater(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
