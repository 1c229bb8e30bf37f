import { MEGABYTE } from '../../lambda/names/units';
import { CODE_TYPES, type CodeType } from '../../lambda/names/code-types';
import { percent } from '../../lambda/monitor/figures';
import type { ServerInfo } from '../../lambda/redis/info';
import { type Demand, planOfSize, shortcomings, smallestPlan } from './advice';
import { estimateOf, type Family } from './families';
import type { Measurement, Method } from './measure';
import type { PriceList, RedisPlan } from './plans';

export interface FamilyReport {
  readonly family: Family;
  readonly keys: number;
  readonly bytes: number;
  readonly bytesPerKey: number;
  /** Share of the plan's memory, percent; null without a plan. */
  readonly planPercent: number | null;
  /** The planning estimate for so many keys; null for a family that had none. */
  readonly estimateBytes: number | null;
  readonly sampled: number;
}

export interface Report {
  readonly measuredAt: string;
  readonly environment: string | null;
  readonly method: Method;
  readonly memory: {
    readonly usedBytes: number;
    readonly planBytes: number | null;
    readonly planPercent: number | null;
    /** What no key accounts for: tables, buffers, the server itself. */
    readonly unaccountedBytes: number;
    readonly evictedKeys: number | null;
  };
  readonly families: readonly FamilyReport[];
  /** Reads of Redis since its start; null where the server does not tell. */
  readonly hitRatio: {
    readonly hits: number;
    readonly misses: number;
    readonly percent: number | null;
  } | null;
  readonly load: {
    readonly connections: number | null;
    /** At the moment of measuring. */
    readonly opsPerSecond: number | null;
    /** Since the server started; null within its first hour. */
    readonly averageOpsPerSecond: number | null;
  };
  readonly plan: {
    readonly current: RedisPlan | null;
    /** Why the current plan is too small. */
    readonly shortOf: readonly string[];
    /** null when no plan of the list is large enough. */
    readonly smallest: RedisPlan | null;
    readonly replicated: boolean;
  };
  /** With every code of the live release cached; null where no catalog could be read. */
  readonly full: { readonly bytes: number; readonly smallest: RedisPlan | null } | null;
  readonly monthlyUsd: {
    readonly current: number | null;
    readonly smallest: number | null;
    readonly full: number | null;
  };
  readonly prices: string;
}

export interface ReportInput {
  readonly now: Date;
  readonly environment: string | undefined;
  readonly planMemoryMb: number;
  readonly info: ServerInfo;
  readonly measurement: Measurement;
  readonly prices: PriceList;
  readonly tls: boolean;
  readonly replicated: boolean;
  /** Codes of the live release, where it could be read. */
  readonly codes: Partial<Record<CodeType, number>> | undefined;
}

/** A plan must carry the busy hour of a day, not its average. */
const PEAK_TO_AVERAGE = 4;

/** Uptime from which an average says something, seconds; right after a start the first warming would be all of it. */
const AVERAGE_AFTER_S = 3_600;

/** Operations a second on average since the server started; undefined where that is unknown or too short ago. */
function averageOps({ commandsProcessed, uptimeSeconds = 0 }: ServerInfo): number | undefined {
  if (commandsProcessed === undefined || uptimeSeconds < AVERAGE_AFTER_S) return undefined;
  return Math.round(commandsProcessed / uptimeSeconds);
}

function hitRatioOf(info: ServerInfo): Report['hitRatio'] {
  const { keyspaceHits: hits, keyspaceMisses: misses } = info;
  if (hits === undefined || misses === undefined) return null;
  return { hits, misses, percent: percent(hits, hits + misses) ?? null };
}

/** Bytes a key costs in Redis's own tables, its place among the expiring keys included. */
const TABLE_BYTES_PER_KEY = 64;
/** For a system of which no key was there to weigh. */
const UNMEASURED_BYTES_PER_KEY = 200;

/** Bytes in use once the codes that are not cached now are, each as heavy as the cached ones of its system. */
function fullBytes(
  usedBytes: number,
  families: readonly FamilyReport[],
  codes: Partial<Record<CodeType, number>>,
): number {
  return CODE_TYPES.reduce((sum, type) => {
    const measured = families.find(({ family }) => family === type);
    const missing = Math.max(0, (codes[type] ?? 0) - (measured?.keys ?? 0));
    return sum + missing * ((measured?.bytesPerKey ?? UNMEASURED_BYTES_PER_KEY) + TABLE_BYTES_PER_KEY);
  }, usedBytes);
}

/** Puts the measured figures beside the plan, the planning estimates and the price list. */
export function reportOf(input: ReportInput): Report {
  const { info, measurement, prices } = input;
  const planBytes = input.planMemoryMb > 0 ? input.planMemoryMb * MEGABYTE : undefined;
  const families = measurement.families.map(({ family, keys, bytes, sampled }) => ({
    family,
    keys,
    bytes,
    bytesPerKey: keys === 0 ? 0 : Math.round(bytes / keys),
    planPercent: percent(bytes, planBytes) ?? null,
    estimateBytes: estimateOf(family, keys) ?? null,
    sampled,
  }));
  const ofKeys = families.reduce((sum, { bytes }) => sum + bytes, 0);
  const usedBytes = info.usedMemoryBytes ?? ofKeys;
  const demand: Demand = {
    bytes: usedBytes,
    connections: info.connectedClients ?? 0,
    opsPerSecond: (averageOps(info) ?? 0) * PEAK_TO_AVERAGE,
    tls: input.tls,
    replicated: input.replicated,
  };
  const current = planOfSize(prices.plans, input.planMemoryMb);
  const smallest = smallestPlan(prices.plans, demand);
  const full = input.codes === undefined ? undefined : fullBytes(usedBytes, families, input.codes);
  const fullPlan = full === undefined ? undefined : smallestPlan(prices.plans, { ...demand, bytes: full });
  return {
    measuredAt: input.now.toISOString(),
    environment: input.environment ?? null,
    method: measurement.method,
    memory: {
      usedBytes,
      planBytes: planBytes ?? null,
      planPercent: percent(usedBytes, planBytes) ?? null,
      unaccountedBytes: Math.max(0, usedBytes - ofKeys),
      evictedKeys: info.evictedKeys ?? null,
    },
    families,
    hitRatio: hitRatioOf(info),
    load: {
      connections: info.connectedClients ?? null,
      opsPerSecond: info.opsPerSecond ?? null,
      averageOpsPerSecond: averageOps(info) ?? null,
    },
    plan: {
      current: current ?? null,
      shortOf: current === undefined ? [] : shortcomings(current, demand),
      smallest: smallest ?? null,
      replicated: input.replicated,
    },
    full: full === undefined ? null : { bytes: full, smallest: fullPlan ?? null },
    monthlyUsd: {
      current: current?.monthlyUsd ?? null,
      smallest: smallest?.monthlyUsd ?? null,
      full: fullPlan?.monthlyUsd ?? null,
    },
    prices: prices.source,
  };
}
