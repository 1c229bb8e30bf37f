import { remove, resourcesOf, type Template } from './template';

/** One thing that the emulator's CloudFormation cannot hold, and what its copy of a template gets instead. */
export interface Adaptation {
  readonly name: string;
  readonly why: string;
  /** Changes the template and returns the logical ids of what it changed. */
  apply(template: Template): string[];
}

interface MetricQuery {
  readonly MetricStat?: { readonly Metric: object; readonly Period: number; readonly Stat: string };
}

/** All of them. The test fails when one is no longer needed, as it fails when one is missing. */
export const ADAPTATIONS: readonly Adaptation[] = [
  {
    name: 'metric-math-alarm',
    why: 'alarms over metric math are refused; the copy watches the first metric alone',
    apply: (template) =>
      resourcesOf(template, 'AWS::CloudWatch::Alarm').flatMap(([id, { Properties: alarm = {} }]) => {
        const queries = (alarm.Metrics ?? []) as MetricQuery[];
        const first = queries.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat;
        if (first === undefined) return [];
        delete alarm.Metrics;
        const statistic = first.Stat.startsWith('p') ? 'ExtendedStatistic' : 'Statistic';
        Object.assign(alarm, first.Metric, { Period: first.Period, [statistic]: first.Stat });
        return [id];
      }),
  },
  {
    name: 'rotation-schedule',
    why: 'the type is unknown; the test calls RotateSecret itself',
    apply: (template) =>
      resourcesOf(template, 'AWS::SecretsManager::RotationSchedule').map(([id]) => {
        remove(template, id);
        return id;
      }),
  },
];
