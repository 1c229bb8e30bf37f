import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { EnvironmentName } from '../../lambda/names/environments';
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, type MetricName } from '../../lambda/telemetry/metrics';
import type { LookupApi } from '../api/lookup-api';
import type { MedicalFunction } from '../functions/medical-function';

export const MINUTE = Duration.minutes(1);
export const FIVE_MINUTES = Duration.minutes(5);

/** The hit ratio says nothing about fewer lookups than this in a period. */
const ENOUGH_LOOKUPS = 100;
/** One failed request of a quiet night is in the logs, not on somebody's phone. */
const ENOUGH_ERRORS = 3;

/** Everything that can be measured of one environment: what its functions emit and what AWS counts itself. */
export class EnvironmentMetrics {
  constructor(
    private readonly environment: EnvironmentName,
    readonly api: LookupApi,
    readonly functions: readonly MedicalFunction[],
    readonly backup: MedicalFunction,
    readonly monitor: MedicalFunction,
  ) {}

  /** A metric of our own. `statistic` as in `Stats`. */
  own(metricName: MetricName, statistic: string, period: Duration = MINUTE, label?: string): Metric {
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap: { [ENVIRONMENT_DIMENSION]: this.environment },
      statistic,
      period,
      ...(label !== undefined && { label }),
    });
  }

  /** Percent of lookups that the cache answered; 100 where too few were made to tell. */
  hitRate(period: Duration = FIVE_MINUTES): MathExpression {
    return new MathExpression({
      label: 'hit rate %',
      expression: `IF((FILL(h,0)+FILL(m,0))>=${ENOUGH_LOOKUPS}, 100*FILL(h,0)/(FILL(h,0)+FILL(m,0)), 100)`,
      usingMetrics: {
        h: this.own('CacheHits', Stats.SUM, period),
        m: this.own('CacheMisses', Stats.SUM, period),
      },
      period,
    });
  }

  requests(period: Duration = MINUTE): Metric {
    return this.api.api.metricCount({ statistic: Stats.SUM, period, label: 'requests' });
  }

  clientErrors(): Metric {
    return this.api.api.metricClientError({ statistic: Stats.SUM, period: MINUTE, label: '4xx' });
  }

  serverErrors(period: Duration = MINUTE): Metric {
    return this.api.api.metricServerError({ statistic: Stats.SUM, period, label: '5xx' });
  }

  /** Percent of requests answered 5xx; 0 while there are only one or two. */
  errorRate(): MathExpression {
    return new MathExpression({
      label: '5xx %',
      expression: `IF(FILL(e,0)>=${ENOUGH_ERRORS}, 100*FILL(e,0)/FILL(n,1), 0)`,
      usingMetrics: { e: this.serverErrors(FIVE_MINUTES), n: this.requests(FIVE_MINUTES) },
      period: FIVE_MINUTES,
    });
  }

  latency(percentile: number): Metric {
    return this.api.api.metricLatency({ statistic: Stats.percentile(percentile), period: MINUTE });
  }

  /** Backups that said they failed, and those that died before they could. */
  backupFailures(): MathExpression {
    return new MathExpression({
      label: 'failed backups',
      expression: 'FILL(f,0)+FILL(e,0)',
      usingMetrics: {
        f: this.own('BackupFailed', Stats.SUM, FIVE_MINUTES),
        e: this.backup.function.metricErrors({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      },
      period: FIVE_MINUTES,
    });
  }

  /** Runs of the monitor that ended well. */
  heartbeats(): MathExpression {
    return new MathExpression({
      label: 'monitor runs',
      expression: 'i-FILL(e,0)',
      usingMetrics: {
        i: this.monitor.function.metricInvocations({ statistic: Stats.SUM, period: FIVE_MINUTES }),
        e: this.monitor.function.metricErrors({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      },
      period: FIVE_MINUTES,
    });
  }

  throttles(): MathExpression {
    return this.#total(
      'throttled calls',
      this.functions.map((one) =>
        one.function.metricThrottles({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      ),
    );
  }

  functionErrors(): IMetric[] {
    return this.functions.map((one) =>
      one.function.metricErrors({ statistic: Stats.SUM, period: FIVE_MINUTES, label: one.name }),
    );
  }

  /** Events that failed every retry and wait for somebody to look. */
  failedEvents(): MathExpression {
    const visible = (queue: Queue): Metric =>
      queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: FIVE_MINUTES });
    return this.#total(
      'failed events',
      this.functions.flatMap(({ deadLetters }) => (deadLetters ? [visible(deadLetters)] : [])),
    );
  }

  #total(label: string, metrics: readonly Metric[]): MathExpression {
    // Ids are shared by all metrics of a graph.
    const prefix = label.replaceAll(' ', '_');
    const named = metrics.map((metric, index) => [`${prefix}${index}`, metric] as const);
    return new MathExpression({
      label,
      expression: named.map(([id]) => `FILL(${id},0)`).join('+'),
      usingMetrics: Object.fromEntries(named),
      period: FIVE_MINUTES,
    });
  }
}
