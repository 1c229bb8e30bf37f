import type { LookupTelemetry } from '../telemetry/lookup';
import { errorFields, type Log } from '../telemetry/logger';
import type { ServedRequest } from './host';

/** Milliseconds to a hundredth, which is finer than a clock under load. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

/**
 * Reports each answered request: one log line, and for lookups their latency. Health checks and refusals would
 * only dilute the latency that the alarm watches.
 */
export function serveLog(log: Log, telemetry: LookupTelemetry): (request: ServedRequest) => void {
  return ({ requestId, route, method, status, outcome, release, latencyMs, error }) => {
    const failed = status >= 500;
    if (failed || outcome !== undefined) telemetry.lookup(latencyMs, failed);
    log.write(failed ? 'error' : 'info', 'request', {
      requestId,
      method,
      route,
      status,
      outcome,
      release,
      latencyMs: rounded(latencyMs),
      problems: telemetry.takeProblems(),
      error: error === undefined ? undefined : errorFields(error),
    });
  };
}
