import { deepEqual, ok } from 'node:assert/strict';
import { MONITOR_METRICS } from '../../../lambda/telemetry/metrics';
import { DeployedFunction } from '../functions';
import type { Step } from '../step';

/** Measured only where there is one. */
const WITHOUT_REPLICA = 'ReplicationLagSeconds';

export const monitor: Step = {
  title: 'the deployed monitor emits its metrics, and the age of the newest backup',
  async run() {
    const from = Date.now() - 1_000;
    const watch = await DeployedFunction.find('dev', 'cache-monitor');
    const { failed, payload } = await watch.invoke({});
    ok(!failed, JSON.stringify(payload));
    const line = await watch.logged(
      from,
      (text) => text.includes('"_aws"') && text.includes('BackupAgeHours'),
    );
    const blob = JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown> & {
      _aws: {
        CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
      };
    };
    const [directive] = blob._aws.CloudWatchMetrics;
    const names = directive?.Metrics.map(({ Name }) => Name) ?? [];
    const missing = [...MONITOR_METRICS, 'BackupAgeHours'].filter(
      (name) => name !== WITHOUT_REPLICA && !names.includes(name),
    );
    deepEqual(missing, []);
    deepEqual(directive?.Dimensions, [['Environment']]);
    ok(Number(blob.BackupAgeHours) < 1);
    return names.map((name) => `${name} ${String(blob[name])}`).join(', ');
  },
};
