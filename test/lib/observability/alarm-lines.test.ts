import type { Template } from 'aws-cdk-lib/assertions';
import { ENVIRONMENTS, type EnvironmentName } from '../../../lambda/names/environments';
import { template } from '../synthesis';
import { resources, type Loose } from '../templates';
import { dashboardBody } from './observed-metrics';

/** What identifies a metric in an alarm and in a widget: its expression, or its name. */
type Watched = string;

interface Line {
  readonly metrics: readonly Watched[];
  readonly value: number;
}

/** Each alarm's threshold by what it watches, by the alarm's name. */
function thresholds(observability: Template, environment: EnvironmentName) {
  return resources(observability, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => {
    const answer = ((Properties.Metrics ?? []) as Record<string, Loose>[]).find(
      ({ ReturnData }) => ReturnData !== false,
    );
    return {
      name: (Properties.AlarmName as string).replace(`MedicalCodes-${environment}-`, ''),
      watched: (answer?.Expression ?? Properties.MetricName) as Watched,
      threshold: Properties.Threshold as number,
    };
  });
}

/** Lines of the dashboard, with the metrics of their graph. */
function lines(observability: Template): Line[] {
  return dashboardBody(observability).widgets.flatMap(({ properties }) => {
    const rows = (properties.metrics ?? []) as Loose[][];
    const metrics = rows.map(([first, name]) => (first?.expression ?? name) as Watched);
    const drawn = (properties.annotations?.horizontal ?? []) as { value: number }[];
    return drawn.map(({ value }) => ({ metrics, value }));
  });
}

describe.each(ENVIRONMENTS)('on the dashboard of %s', (environment) => {
  const observability = template(environment, 'Observability', {});
  const drawn = thresholds(observability, environment).flatMap((alarm) =>
    lines(observability)
      .filter(({ metrics }) => metrics.includes(alarm.watched))
      .map(({ value }) => ({ ...alarm, value })),
  );

  it('the line beside an alarm’s metric is where the alarm rings', () => {
    for (const { name, threshold, value } of drawn) expect([name, value]).toEqual([name, threshold]);
  });

  it('memory, hit rate and the backups’ age have such a line, where they have an alarm', () => {
    const expected = ['HighMemoryUsage', 'LowHitRate', ...(environment === 'dev' ? [] : ['BackupAge'])];
    expect(drawn.map(({ name }) => name).sort()).toEqual(expected.sort());
  });
});
