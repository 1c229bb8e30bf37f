import { ACCOUNT, SECOND_REGION } from '../emulator';
import { remove, type Resource, resourcesOf, type Template } from './template';

const CROSS_REGION_OUTPUT = new RegExp(
  `\\{"Fn::GetStackOutput":\\{"StackName":"[^"]+","Region":"${SECOND_REGION}","OutputName":"([^"]+)"\\}\\}`,
  'g',
);

interface MetricQuery {
  readonly MetricStat?: { readonly Metric: object; readonly Period: number; readonly Stat: string };
}

/** One thing that the emulator's CloudFormation cannot hold, and what its copy of a template gets instead. */
export interface Adaptation {
  readonly name: string;
  readonly why: string;
  /** Changes the template and returns the logical ids of what it changed. */
  apply(template: Template): string[];
}

/** A type that the emulator's CloudFormation does not know is left out of the copy. */
function removal(name: string, type: string, why: string): Adaptation {
  return {
    name,
    why: `${type} is unknown to the emulator; ${why}`,
    apply: (template) =>
      resourcesOf(template, type).map(([id]) => {
        remove(template, id);
        return id;
      }),
  };
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
  removal('rotation-schedule', 'AWS::SecretsManager::RotationSchedule', 'the test rotates itself'),
  removal('flow-log', 'AWS::EC2::FlowLog', 'the network carries no real traffic'),
  removal('security-group-egress', 'AWS::EC2::SecurityGroupEgress', 'functions run beside the emulator'),
  removal('security-group-ingress', 'AWS::EC2::SecurityGroupIngress', 'functions run beside the emulator'),
  {
    name: 'cross-region-output',
    why: 'outputs of stacks in another region are not found; the copy names an ARN there that nobody reads',
    apply: (template) =>
      Object.entries(template.Resources).flatMap(([id, resource]) => {
        const text = JSON.stringify(resource);
        const literal = text.replace(CROSS_REGION_OUTPUT, `"arn:aws:kms:${SECOND_REGION}:${ACCOUNT}:key/$1"`);
        template.Resources[id] = JSON.parse(literal) as Resource;
        return literal === text ? [] : [id];
      }),
  },
];

/** What no template can change: the test sets it by the service's own API. */
export const OBJECT_LOCK = {
  name: 'object-lock',
  why: 'the emulator’s CloudFormation leaves a bucket’s ObjectLockEnabled out; the test switches it on',
} as const;

export const ROTATE_SECRET = {
  name: 'rotate-secret',
  why: 'the emulator’s RotateSecret calls no function; the test calls it with the four steps',
} as const;
