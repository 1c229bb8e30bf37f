import { FUNCTIONS, type FunctionName } from '../../lambda/names/functions';
import { ConfigError } from './config-error';

/** What the Redis plan of an environment allows. */
export interface Plan {
  readonly memoryMb: number;
  /** Open connections that the plan accepts. */
  readonly connections: number;
  /** Operations per second; 0 when the plan names no limit. */
  readonly opsPerSecond: number;
  /** List price, US dollars a month, for the dashboard's estimate. */
  readonly monthlyUsd: number;
}

/** Connections left free for people: redis-cli, the operator CLI, Redis Insight. */
export const OPERATORS_RESERVE = 5;

/** A function opens one connection per process; rotation also tries the new password on a second one. */
const CONNECTIONS_EACH: Readonly<Record<FunctionName, number>> = {
  lookup: 1,
  backup: 1,
  'cache-monitor': 1,
  'hot-codes': 1,
  'cache-warmer': 1,
  'secret-rotation': 2,
};

export type ConcurrencyShares = Readonly<Record<FunctionName, number>>;

/**
 * Reserved concurrency of every function, such that all of them together with the operators' reserve never
 * hold more connections than the plan has. Scheduled functions run alone; lookups get what is left, up to
 * `lookupCeiling`. An account's own limit is 1000 in all, of which 100 must stay unreserved, so three
 * environments in one account have to fit into 900.
 */
export function concurrencyShares(connections: number, lookupCeiling: number): ConcurrencyShares {
  const others = FUNCTIONS.filter((name) => name !== 'lookup');
  const taken = others.reduce((sum, name) => sum + CONNECTIONS_EACH[name], OPERATORS_RESERVE);
  const left = connections - taken;
  if (left < 1) {
    throw new ConfigError(
      'PLAN_CONNECTIONS',
      `leaves no connection for lookups: operators and scheduled functions need ${taken}`,
      `set at least ${taken + 1}, or take a larger plan`,
    );
  }
  return {
    lookup: Math.min(left, lookupCeiling),
    backup: 1,
    'cache-monitor': 1,
    'hot-codes': 1,
    'cache-warmer': 1,
    'secret-rotation': 1,
  };
}

/** Connections that the functions can hold at once under these shares. */
export function connectionsUsed(shares: ConcurrencyShares): number {
  return FUNCTIONS.reduce((sum, name) => sum + shares[name] * CONNECTIONS_EACH[name], 0);
}

export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Redis commands of one lookup: read, release check, usage count. */
const OPS_PER_LOOKUP = 3;
/** The rest of the plan's operations is for backups, monitor, roll-ups and warming. */
const LOOKUP_SHARE_OF_OPS = 0.75;

/** Requests a second that the API accepts: what the plan's operations carry, up to `ceiling`. */
export function throttle(plan: Plan, ceiling: number): Throttle {
  const carried = Math.floor((plan.opsPerSecond * LOOKUP_SHARE_OF_OPS) / OPS_PER_LOOKUP);
  const ratePerSecond = plan.opsPerSecond === 0 ? ceiling : Math.max(1, Math.min(ceiling, carried));
  return { ratePerSecond, burst: ratePerSecond * 2 };
}
