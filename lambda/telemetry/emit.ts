import { Metrics } from '@aws-lambda-powertools/metrics';
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, type MetricName } from './metrics';

/** How CloudWatch reads a figure. */
export type Unit = 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes' | 'Percent' | 'None';

/** Where metrics go. */
export interface MetricSink {
  /** Keeps a value until the next flush; several values of a name keep their distribution. */
  add(name: MetricName, unit: Unit, value: number): void;
  /** Writes what was added since, as one EMF blob unless there are more than 100 values of one name. */
  flush(): void;
}

/**
 * Metrics as EMF on standard output, which CloudWatch picks up from a function's log.
 * @param environment value of the one dimension
 */
export function emfSink(environment: string): MetricSink {
  let metrics: Metrics | undefined;
  let waiting = false;
  const made = (): Metrics => {
    const created = new Metrics({ namespace: METRIC_NAMESPACE });
    // Powertools adds a `service` dimension of its own, under which no alarm would find a metric.
    created.clearDefaultDimensions();
    created.setDefaultDimensions({ [ENVIRONMENT_DIMENSION]: environment });
    return created;
  };
  return {
    add(name, unit, value) {
      metrics ??= made();
      metrics.addMetric(name, unit, value);
      waiting = true;
    },
    flush() {
      if (!waiting) return;
      waiting = false;
      metrics?.publishStoredMetrics();
    },
  };
}

/** Where nobody reads metrics, such as on a developer's machine. */
export const noMetrics: MetricSink = { add() {}, flush() {} };
