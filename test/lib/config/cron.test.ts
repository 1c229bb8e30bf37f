import { checkedCron, longestGapHours } from '../../../lib/config/cron';

describe('schedules', () => {
  it.each([
    'cron(0 3 * * ? *)',
    'cron(0 0/4 * * ? *)',
    'cron(15,45 8-17 ? * MON-FRI *)',
    'cron(0 12 L * ? 2027)',
    'cron(0 12 15W JAN,JUL ? *)',
    'cron(0 12 ? * 6#3 *)',
    'cron(*/10 * * * ? *)',
  ])('%s is one that EventBridge takes', (expression) => {
    expect(checkedCron(expression)).toBe(expression);
  });

  it.each([
    ['cron(60 3 * * ? *)', 'minutes'],
    ['cron(0 24 * * ? *)', 'hours'],
    ['cron(0 3 32 * ? *)', 'day of month'],
    ['cron(0 3 0 * ? *)', 'day of month'],
    ['cron(0 3 * 13 ? *)', 'month'],
    ['cron(0 3 * JANUARY ? *)', 'month'],
    ['cron(0 3 ? * 8 *)', 'day of week'],
    ['cron(0 3 ? * 6#6 *)', 'day of week'],
    ['cron(0 3 * * ? 1969)', 'year'],
    ['cron(0 5-3 * * ? *)', 'hours'],
    ['cron(0 */0 * * ? *)', 'hours'],
    ['cron(0 1-2-3 * * ? *)', 'hours'],
    ['cron(0 3, * * ? *)', 'hours'],
    ['cron(? 3 * * ? *)', 'minutes'],
  ])('%s is refused, naming its %s', (expression, field) => {
    expect(() => checkedCron(expression)).toThrow(new RangeError(`${expression}: bad field ${field}`));
  });

  it.each([
    'cron(0 3 * * *)',
    'cron(0 3 * * ? * *)',
    '0 3 * * ? *',
    'rate(1 day)',
    'cron()',
    'cron(0  3 * * ? *)',
  ])('%s is refused for its form', (expression) => {
    expect(() => checkedCron(expression)).toThrow(/expected cron|bad field/);
  });

  it.each(['cron(0 3 * * * *)', 'cron(0 3 ? * ? *)'])(
    '%s is refused: one of the days must be ?',
    (expression) => {
      expect(() => checkedCron(expression)).toThrow('exactly one of day of month and day of week must be ?');
    },
  );

  it.each([
    ['cron(0 3 * * ? *)', 24],
    ['cron(0 0/4 * * ? *)', 4],
    ['cron(0 1,13 * * ? *)', 12],
    ['cron(0 8-17 ? * * *)', 15],
    ['cron(0/30 * * * ? *)', 0.5],
    ['cron(0 0/5 * * ? *)', 5],
  ])('%s leaves at most %d hours without a run', (expression, hours) => {
    expect(longestGapHours(expression)).toBe(hours);
  });

  it('a gap that depends on the calendar is left open', () => {
    expect(longestGapHours('cron(0 3 ? * MON *)')).toBeUndefined();
  });
});
