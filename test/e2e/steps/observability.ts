import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, GetDashboardCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { resourcesOf, type Template } from '../adaptation/template';
import type { Step } from '../step';

const EXPECTED_ALARMS = [
  'HighMemoryUsage',
  'LowHitRate',
  'ConnectionErrors',
  'SlowQueries',
  'BackupFailures',
  'ApiErrors',
  'HighLatency',
  'FunctionThrottles',
  'MonitorHeartbeat',
];

export const observability: Step = {
  title: 'alarms and dashboard stand as the template says',
  async run({ checkout, outputs }) {
    const folder = join(checkout.folder, 'cdk.out/dev');
    const path = join(folder, 'MedicalCodes-dev-Observability.template.json');
    const template = JSON.parse(readFileSync(path, 'utf8')) as Template;
    const wanted = resourcesOf(template, 'AWS::CloudWatch::Alarm');
    const client = new CloudWatchClient({});
    const names: string[] = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {})) {
      for (const { AlarmName = '', AlarmDescription = '', AlarmActions = [] } of MetricAlarms) {
        if (!/dev/i.test(AlarmName)) continue;
        names.push(AlarmName);
        match(AlarmDescription, /runbook/i, AlarmName);
        equal(AlarmActions.length, 1, AlarmName);
      }
    }
    equal(names.length, wanted.length);
    deepEqual(
      EXPECTED_ALARMS.filter((expected) => !names.some((name) => name.includes(expected))),
      [],
    );

    const name = /dashboards:name=([\w-]+)$/.exec(outputs.dev?.DashboardUrl ?? '')?.[1];
    const { DashboardBody = '' } = await client.send(new GetDashboardCommand({ DashboardName: name }));
    const { widgets } = JSON.parse(DashboardBody) as { widgets: { type: string }[] };
    ok(widgets.length >= 8, `the dashboard has ${widgets.length} widgets`);
    ok(widgets.some(({ type }) => type === 'alarm'));
    return `${names.length} alarms, ${widgets.length} widgets`;
  },
};
