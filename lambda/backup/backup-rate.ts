/** Part of the plan's operations a second that a backup may take; lookups have the rest. */
const SHARE = 0.25;

/**
 * Operations a second of a backup where the plan names no limit: some five percent of one Redis core, so that no
 * lookup waits noticeably.
 */
const UNLIMITED_PLAN_RATE = 5_000;

/**
 * Operations a second that reading a whole database may take.
 * @param planOpsPerSecond of the plan; 0 means that it names none
 */
export function backupRate(planOpsPerSecond: number): number {
  return planOpsPerSecond === 0 ? UNLIMITED_PLAN_RATE : Math.max(1, planOpsPerSecond * SHARE);
}
