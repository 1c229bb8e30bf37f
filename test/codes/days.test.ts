import { dayBefore, isDay, todayInNewYork } from '../../lambda/codes/days';

const HOUR = 3_600_000;
const intl = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/New_York', dateStyle: 'short' });

describe('the day in New York', () => {
  it('is what the time zone database says, at every half hour of thirty years', () => {
    const wrong: string[] = [];
    for (let now = Date.UTC(2015, 0, 1); now < Date.UTC(2045, 0, 1); now += HOUR / 2) {
      const { day, since, until } = todayInNewYork(now);
      if (day !== intl.format(now) || since > now || until <= now) wrong.push(new Date(now).toISOString());
    }
    expect(wrong).toEqual([]);
  });

  it.each(['2026-03-08', '2026-11-01', '2026-07-04', '2026-12-31'])(
    'begins and ends at midnight on %s',
    (day) => {
      const { since, until } = todayInNewYork(Date.parse(`${day}T17:00:00Z`));
      expect([since - 1, since, until - 1, until].map((each) => intl.format(each))).toEqual([
        dayBefore(day),
        day,
        day,
        intl.format(until),
      ]);
      expect(intl.format(until)).not.toBe(day);
    },
  );
});

it.each(['2026-02-28', '2024-02-29', '2026-12-31'])('%s is a day', (text) => expect(isDay(text)).toBe(true));
it.each(['2026-02-29', '2026-13-01', '2026-1-1', '20261001', '2026-10-01T00:00', ''])('%j is none', (text) =>
  expect(isDay(text)).toBe(false),
);
