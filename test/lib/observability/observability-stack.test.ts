import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENTS, type EnvironmentName } from '../../../lambda/names/environments';
import { BACKUP_METRICS, LOOKUP_METRICS, MONITOR_METRICS } from '../../../lambda/telemetry/metrics';
import { dashboardBody, observedMetrics } from './observed-metrics';
import { template } from '../synthesis';
import { resource, resources, text, type Loose } from '../templates';

const observability = (name: EnvironmentName, variables = {}) => template(name, 'Observability', variables);

function alarm(name: EnvironmentName, alarmName: string): Record<string, Loose> {
  const found = resources(observability(name), 'AWS::CloudWatch::Alarm').map(
    ([, { Properties }]) => Properties,
  );
  const one = found.find(({ AlarmName }) => AlarmName === `MedicalCodes-${name}-${alarmName}`);
  if (!one) throw new Error(`${name} has no alarm ${alarmName}`);
  return one;
}

const alarmNames = (name: EnvironmentName) =>
  resources(observability(name), 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => (Properties.AlarmName as string).replace(`MedicalCodes-${name}-`, ''))
    .sort();

const EVERYWHERE = [
  'ApiErrors',
  'BackupFailures',
  'ConnectionErrors',
  'FailedEvents',
  'FunctionThrottles',
  'HighLatency',
  'HighMemoryUsage',
  'LowHitRate',
  'MonitorHeartbeat',
  'SlowQueries',
  'SourceErrors',
];

describe('alarms', () => {
  it('are the same everywhere, except that nobody waits for backups in dev', () => {
    expect(alarmNames('dev')).toEqual(EVERYWHERE);
    expect(alarmNames('staging')).toEqual([...EVERYWHERE, 'BackupAge'].sort());
    expect(alarmNames('prod')).toEqual([...EVERYWHERE, 'BackupAge'].sort());
  });

  it.each([
    ['HighMemoryUsage', 'MemoryUsagePercent', 'Maximum', 'GreaterThanThreshold', 80, 3, 5, 60],
    ['ConnectionErrors', 'ConnectionErrors', 'Sum', 'GreaterThanOrEqualToThreshold', 1, 1, 1, 60],
    ['SlowQueries', 'SlowQueries', 'Sum', 'GreaterThanOrEqualToThreshold', 1, 3, 5, 60],
    ['SourceErrors', 'SourceErrors', 'Sum', 'GreaterThanOrEqualToThreshold', 1, 1, 1, 60],
  ])(
    '%s rings for %s (%s) %s %d in %d of %d periods of %d s',
    (name, metric, statistic, comparison, threshold, m, n, period) => {
      for (const environment of ENVIRONMENTS) {
        expect(alarm(environment, name)).toMatchObject({
          Namespace: 'MedicalCodes',
          MetricName: metric,
          Dimensions: [{ Name: 'Environment', Value: environment }],
          Statistic: statistic,
          ComparisonOperator: comparison,
          Threshold: threshold,
          DatapointsToAlarm: m,
          EvaluationPeriods: n,
          Period: period,
          TreatMissingData: 'notBreaching',
        });
      }
    },
  );

  it('LowHitRate cannot divide by zero, and is silent below 100 lookups', () => {
    const { Metrics, ...rest } = alarm('prod', 'LowHitRate');
    expect(rest).toMatchObject({ ComparisonOperator: 'LessThanThreshold', Threshold: 80 });
    const [expression] = (Metrics as Loose[]).filter((metric) => metric.Expression);
    expect(expression.Expression).toBe(
      'IF((FILL(h,0)+FILL(m,0))>=100, 100*FILL(h,0)/(FILL(h,0)+FILL(m,0)), 100)',
    );
    const read = Object.fromEntries(
      (Metrics as Loose[])
        .filter((one) => one.MetricStat)
        .map((one) => [one.Id, one.MetricStat.Metric.MetricName]),
    );
    expect(read).toEqual({ h: 'CacheHits', m: 'CacheMisses' });
  });

  it.each([
    ['staging', 25],
    ['prod', 4.5],
  ] as const)('BackupAge of %s rings above %d hours, and when nobody knows', (name, hours) => {
    expect(alarm(name, 'BackupAge')).toMatchObject({
      MetricName: 'BackupAgeHours',
      Threshold: hours,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('BackupFailures counts the backups that said so and those that died before', () => {
    const { Metrics } = alarm('prod', 'BackupFailures');
    const read = (Metrics as Loose[]).flatMap((one) =>
      one.MetricStat ? [one.MetricStat.Metric.MetricName] : [],
    );
    expect(read.sort()).toEqual(['BackupFailed', 'Errors']);
  });

  it('MonitorHeartbeat rings when nothing is heard', () => {
    expect(alarm('dev', 'MonitorHeartbeat')).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it.each([
    ['dev', 3000],
    ['staging', 1500],
    ['prod', 1000],
  ] as const)('HighLatency of %s rings above %d ms at p99', (name, ms) => {
    expect(alarm(name, 'HighLatency')).toMatchObject({
      MetricName: 'Latency',
      ExtendedStatistic: 'p99',
      Threshold: ms,
    });
  });

  it('FunctionThrottles and FailedEvents watch every function', () => {
    const dimensions = (name: string) =>
      (alarm('prod', name).Metrics as Loose[]).flatMap((one) =>
        one.MetricStat ? [JSON.stringify(one.MetricStat.Metric.Dimensions)] : [],
      );
    expect(new Set(dimensions('FunctionThrottles')).size).toBe(5);
    expect(new Set(dimensions('FailedEvents')).size).toBe(4);
  });

  it('say what they mean and lead to a section of the runbook that exists', () => {
    const runbook = readFileSync(join(__dirname, '../../../docs/runbook.md'), 'utf8');
    const anchors = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) =>
      heading!.toLowerCase().replaceAll(' ', '-'),
    );
    for (const environment of ENVIRONMENTS) {
      for (const [, { Properties }] of resources(observability(environment), 'AWS::CloudWatch::Alarm')) {
        const description = Properties.AlarmDescription as string;
        const anchor = /^(?:dev|staging|prod): .{30,}\. What to do: docs\/runbook\.md#([a-z]+)$/.exec(
          description,
        )?.[1];
        expect([description, anchors.includes(anchor ?? '')]).toEqual([description, true]);
        expect(description.length).toBeLessThanOrEqual(1024);
      }
    }
  });

  it('ring and fall silent at one encrypted topic', () => {
    const it = observability('prod');
    const topic = { Ref: resources(it, 'AWS::SNS::Topic')[0]![0] };
    for (const [, { Properties }] of resources(it, 'AWS::CloudWatch::Alarm')) {
      expect([Properties.AlarmActions, Properties.OKActions]).toEqual([[topic], [topic]]);
    }
    expect(text(resource(it, 'AWS::SNS::Topic').Properties.KmsMasterKeyId)).toContain('ServiceKey');
    const { Statement } = resource(it, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument;
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
      }),
    );
  });

  it('go to the mailbox that is given, and to nobody without one', () => {
    expect(resources(observability('prod'), 'AWS::SNS::Subscription')).toEqual([]);
    const { Properties } = resource(
      observability('prod', { ALARM_EMAIL: 'oncall@example.com' }),
      'AWS::SNS::Subscription',
    );
    expect(Properties).toMatchObject({ Protocol: 'email', Endpoint: 'oncall@example.com' });
  });
});

describe('what is watched', () => {
  it.each(ENVIRONMENTS)('in %s are metrics that exist', (name) => {
    const declared: string[] = [...LOOKUP_METRICS, ...MONITOR_METRICS, ...BACKUP_METRICS];
    expect(observedMetrics(observability(name)).filter((metric) => !declared.includes(metric))).toEqual([]);
  });

  it('leaves out none that is emitted', () => {
    expect(observedMetrics(observability('prod'))).toEqual(
      [...LOOKUP_METRICS, ...MONITOR_METRICS, ...BACKUP_METRICS].sort(),
    );
  });
});

describe('the dashboard', () => {
  const { widgets } = dashboardBody(observability('prod'));
  const titles = widgets.flatMap(({ properties }) =>
    properties.title === undefined ? [] : [properties.title as string],
  );

  it('starts with the state of every alarm, across its whole width', () => {
    expect(widgets[0]).toMatchObject({ type: 'alarm', width: 24, y: 0 });
    expect(widgets[0]?.properties.alarms).toHaveLength(12);
  });

  it('then answers in the order in which on-call asks', () => {
    const topics = titles.slice(1).map((title) => title.replace(/[:?].*$/, ''));
    expect([...new Set(topics)]).toEqual(['Answering', 'Cache', 'Redis', 'Backups', 'Functions', 'Cost']);
  });

  it('shows p50, p90 and p99', () => {
    const latency = widgets.find(({ properties }) => properties.title === 'Answering? Latency, ms');
    expect((latency?.properties.metrics as Loose[]).map((row) => row.at(-1).stat)).toEqual([
      'p50',
      'p90',
      'p99',
    ]);
  });

  it('shows connections against the plan’s', () => {
    const connections = widgets.find(({ properties }) => properties.title === 'Redis: connections of 1024');
    expect(connections?.properties.annotations.horizontal).toEqual([
      expect.objectContaining({ value: 1024 }),
    ]);
  });

  it('estimates cost from requests and run time', () => {
    const cost = widgets.find(({ properties }) => properties.title === 'Cost: usage, $ a day');
    const [row] = (cost?.properties.metrics as Loose[]).filter(([first]) => first?.expression);
    expect(row[0].expression).toMatch(
      /^FILL\(n,0\)\*0\.000001\+FILL\(i0,0\)\*0\.0000002\+FILL\(d0,0\)\*0\.0000000133334/,
    );
  });

  it('fits its grid: no widget lies on another', () => {
    for (const [index, a] of widgets.entries()) {
      for (const b of widgets.slice(index + 1)) {
        const apart =
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
      expect(a.x + a.width).toBeLessThanOrEqual(24);
    }
  });

  it('is linked from the outputs', () => {
    const [output] = Object.values(observability('prod').findOutputs('DashboardUrl'));
    expect(text(output?.Value)).toMatch(
      /^https:\/\/<AWS::Region>\.console\.aws\.amazon\.com\/cloudwatch\/.*#dashboards:name=MedicalCodes-prod$/,
    );
  });
});
