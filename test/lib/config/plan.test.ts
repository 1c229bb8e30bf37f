import { FUNCTIONS } from '../../../lambda/names/functions';
import { ConfigError } from '../../../lib/config/config-error';
import { concurrencyShares, connectionsUsed, OPERATORS_RESERVE, throttle } from '../../../lib/config/plan';

describe('connections of a plan', () => {
  it.each([12, 13, 30, 256, 1024, 10_000])(
    '%d are never exceeded, with five left for operators',
    (connections) => {
      const shares = concurrencyShares(connections, 500);
      expect(connectionsUsed(shares) + OPERATORS_RESERVE).toBeLessThanOrEqual(connections);
      for (const name of FUNCTIONS) expect(shares[name]).toBeGreaterThanOrEqual(1);
    },
  );

  it('of dev’s free plan carry 19 lookups at once beside everything else', () => {
    const shares = concurrencyShares(30, 100);
    expect(shares.lookup).toBe(19);
    expect(connectionsUsed(shares)).toBe(25);
  });

  it('beyond what an account can reserve stay unused', () => {
    expect(concurrencyShares(10_000, 500).lookup).toBe(500);
  });

  it.each([0, 1, 5, 11])('%d are too few, and the refusal says how many are needed', (connections) => {
    expect(() => concurrencyShares(connections, 500)).toThrow(ConfigError);
    expect(() => concurrencyShares(connections, 500)).toThrow('set at least 12');
  });
});

describe('the API’s throttle', () => {
  const plan = { memoryMb: 30, connections: 30, monthlyUsd: 0 };

  it('keeps lookups to three quarters of the plan’s operations', () => {
    expect(throttle({ ...plan, opsPerSecond: 100 }, 500)).toEqual({ ratePerSecond: 25, burst: 50 });
    expect(throttle({ ...plan, opsPerSecond: 1000 }, 1000)).toEqual({ ratePerSecond: 250, burst: 500 });
  });

  it('is the ceiling where the plan names no limit', () => {
    expect(throttle({ ...plan, opsPerSecond: 0 }, 2000)).toEqual({ ratePerSecond: 2000, burst: 4000 });
  });

  it('lets at least one request a second through', () => {
    expect(throttle({ ...plan, opsPerSecond: 1 }, 2000).ratePerSecond).toBe(1);
  });
});
