import { MEGABYTE } from '../../lambda/names/units';
import { MEMORY_LIMIT_PERCENT } from '../../lib/config/limits';
import type { RedisPlan } from './plans';

/** What a plan has to carry. */
export interface Demand {
  /** Bytes in use, or that will be. */
  readonly bytes: number;
  readonly connections: number;
  readonly opsPerSecond: number;
  readonly tls: boolean;
  /** With replication a plan holds every byte twice. */
  readonly replicated: boolean;
}

/** Room for more connections and operations than are open at the moment of measuring. */
const BURST = 1.25;

/** Megabytes a plan must have for the demand. */
export function neededMb(demand: Demand): number {
  return (demand.bytes * (demand.replicated ? 2 : 1)) / (MEMORY_LIMIT_PERCENT / 100) / MEGABYTE;
}

/** Why a plan is too small, in words; empty when it fits. */
export function shortcomings(plan: RedisPlan, demand: Demand): string[] {
  const lacks = (has: number, needs: number): boolean => has > 0 && has < needs;
  return [
    ...(plan.memoryMb < neededMb(demand) ? ['memory'] : []),
    ...(lacks(plan.connections, demand.connections * BURST) ? ['connections'] : []),
    ...(lacks(plan.opsPerSecond, demand.opsPerSecond * BURST) ? ['operations'] : []),
    ...(demand.tls && !plan.tls ? ['TLS'] : []),
  ];
}

/** The smallest plan that carries the demand; undefined when none of the list does. */
export function smallestPlan(plans: readonly RedisPlan[], demand: Demand): RedisPlan | undefined {
  return plans.find((plan) => shortcomings(plan, demand).length === 0);
}

/** The plan of the list that a configured size means: the smallest that is not smaller. */
export function planOfSize(plans: readonly RedisPlan[], memoryMb: number): RedisPlan | undefined {
  return memoryMb <= 0 ? undefined : plans.find((plan) => plan.memoryMb >= memoryMb);
}
