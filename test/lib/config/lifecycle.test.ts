import { checkedLifecycle, type BackupLifecycle } from '../../../lib/config/lifecycle';

const good: BackupLifecycle = {
  infrequentAccessDays: 30,
  glacierDays: 90,
  expireDays: 365,
  noncurrentDays: 30,
};

describe('the lifecycle of backups', () => {
  it('passes when S3 would take it', () => {
    expect(checkedLifecycle(good, 30)).toBe(good);
  });

  it.each<[string, Partial<BackupLifecycle>, string]>([
    ['Infrequent Access on day 29', { infrequentAccessDays: 29 }, 'before 30 days'],
    ['Glacier 29 days after Infrequent Access', { glacierDays: 59 }, 'at least 30 days after'],
    ['deletion on the day of the last transition', { expireDays: 90 }, 'after the last transition'],
    [
      'deletion before Infrequent Access',
      { glacierDays: undefined, expireDays: 30 },
      'after the last transition',
    ],
    ['half a day', { expireDays: 400.5 }, 'whole numbers'],
    ['no days at all', { noncurrentDays: 0 }, 'whole numbers'],
    ['old versions that go before their lock', { noncurrentDays: 29 }, 'as long as the retention'],
  ])('refuses %s', (_what, change, problem) => {
    expect(() => checkedLifecycle({ ...good, ...change }, 30)).toThrow(problem);
  });

  it('refuses deletion before the retention ends', () => {
    expect(() => checkedLifecycle(good, 366)).toThrow('before the retention ends');
  });
});
