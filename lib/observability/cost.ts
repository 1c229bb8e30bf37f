import { Duration } from 'aws-cdk-lib';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { EnvironmentMetrics } from './metrics';

/** List prices of us-east-1, US dollars, November 2026. An estimate to see trends by, not a bill. */
export const PRICES = {
  apiRequest: 1 / 1_000_000,
  lambdaRequest: 0.2 / 1_000_000,
  /** arm64. */
  lambdaGigabyteSecond: 0.000_013_333_4,
} as const;

const DAY = Duration.days(1);

/** What a day's requests and runs cost, without the Redis plan, storage and logs. */
export function usageCostPerDay(metrics: EnvironmentMetrics): MathExpression {
  const runs = metrics.functions.map(({ function: one, memoryMb }, index) => {
    const perMs = ((memoryMb / 1024) * PRICES.lambdaGigabyteSecond) / 1000;
    return {
      expression: `FILL(i${index},0)*${decimal(PRICES.lambdaRequest)}+FILL(d${index},0)*${decimal(perMs)}`,
      metrics: [
        [`i${index}`, one.metricInvocations({ statistic: Stats.SUM, period: DAY })],
        [`d${index}`, one.metricDuration({ statistic: Stats.SUM, period: DAY })],
      ] as const,
    };
  });
  const requests = [['n', metrics.requests(DAY)]] as const;
  return new MathExpression({
    label: 'API and functions, $ a day',
    expression: [`FILL(n,0)*${decimal(PRICES.apiRequest)}`, ...runs.map((run) => run.expression)].join('+'),
    usingMetrics: Object.fromEntries([...requests, ...runs.flatMap((run) => run.metrics)]),
    period: DAY,
  });
}

/** Metric math knows no exponents. */
function decimal(value: number): string {
  return value.toFixed(15).replace(/0+$/, '');
}
