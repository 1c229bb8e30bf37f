/**
 * Percent of the plan's memory above which Redis soon evicts: the alarm rings, doctor warns, and a plan that is to
 * carry a demand must stay below.
 */
export const MEMORY_LIMIT_PERCENT = 80;

/** Percent of lookups that the cache should answer; below it the alarm rings. */
export const HIT_RATE_LIMIT_PERCENT = 80;
