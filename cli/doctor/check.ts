/** `skipped`: a check that this one stands on failed, or it does not apply here. */
export type Status = 'pass' | 'warn' | 'fail' | 'skipped';

export interface Finding {
  readonly status: Status;
  /** What was seen, in one line. */
  readonly detail: string;
  /** What to do about it; absent on a pass. */
  readonly remedy?: string;
}

export interface Check {
  /** Stable name, for scripts. */
  readonly id: string;
  readonly title: string;
  /** Checks that must have been passed, with or without a warning, before this one makes sense. */
  readonly needs: readonly string[];
  run(): Promise<Finding>;
  /** The remedy when `run` throws. */
  readonly remedy?: string;
}

export interface CheckResult extends Finding {
  readonly id: string;
  readonly title: string;
}

export const pass = (detail: string): Finding => ({ status: 'pass', detail });
export const warn = (detail: string, remedy: string): Finding => ({ status: 'warn', detail, remedy });
export const fail = (detail: string, remedy: string): Finding => ({ status: 'fail', detail, remedy });
export const skipped = (detail: string): Finding => ({ status: 'skipped', detail });

/**
 * Runs checks one after the other, in their order. A check that throws has failed, with what it threw as the
 * detail; nothing stops the ones that do not need it.
 */
export async function runChecks(
  checks: readonly Check[],
  onResult: (result: CheckResult) => void = () => undefined,
): Promise<CheckResult[]> {
  const results = new Map<string, CheckResult>();
  for (const check of checks) {
    const missing = check.needs.find((need) => !isGood(results.get(need)));
    const finding =
      missing === undefined
        ? await check.run().catch((error: unknown) => failureOf(error, check.remedy))
        : skipped(`needs "${results.get(missing)?.title ?? missing}"`);
    const result = { id: check.id, title: check.title, ...finding };
    results.set(check.id, result);
    onResult(result);
  }
  return [...results.values()];
}

function isGood(result: CheckResult | undefined): boolean {
  return result?.status === 'pass' || result?.status === 'warn';
}

function failureOf(
  error: unknown,
  remedy = 'Run the command it belongs to by itself, which may say more.',
): Finding {
  return fail(error instanceof Error ? error.message : String(error), remedy);
}
