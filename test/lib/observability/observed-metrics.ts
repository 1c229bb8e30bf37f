import type { Template } from 'aws-cdk-lib/assertions';
import { METRIC_NAMESPACE } from '../../../lambda/telemetry/metrics';
import { resources, type Loose } from '../templates';

export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Loose;
}

/** Names of our own metrics that alarms read. */
export function alarmMetrics(observability: Template): string[] {
  const found = resources(observability, 'AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) => {
    const metrics = ((Properties.Metrics ?? []) as Record<string, Loose>[]).map(
      ({ MetricStat }) => MetricStat?.Metric,
    );
    return [Properties, ...metrics].filter((metric) => metric?.Namespace === METRIC_NAMESPACE);
  });
  return [...new Set(found.map(({ MetricName }) => MetricName as string))].sort();
}

/** The dashboard's body as CloudWatch gets it, with references cut out. */
export function dashboardBody(observability: Template): { widgets: Widget[] } {
  const [dashboard] = resources(observability, 'AWS::CloudWatch::Dashboard');
  const body = dashboard?.[1].Properties.DashboardBody as { 'Fn::Join': [string, unknown[]] };
  const text = body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'reference')).join('');
  return JSON.parse(text) as { widgets: Widget[] };
}

/** Names of our own metrics that widgets read. */
export function dashboardMetrics(observability: Template): string[] {
  const rows = dashboardBody(observability).widgets.flatMap(
    ({ properties }) => (properties.metrics ?? []) as unknown[][],
  );
  return [
    ...new Set(
      rows.filter(([namespace]) => namespace === METRIC_NAMESPACE).map(([, name]) => name as string),
    ),
  ].sort();
}

/** Names of all our own metrics that anybody watches. Every one must be emitted by some function. */
export function observedMetrics(observability: Template): string[] {
  return [...new Set([...alarmMetrics(observability), ...dashboardMetrics(observability)])].sort();
}
