import { CfnOutput } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/environments';
import { environmentPrefix } from '../config/stack-names';
import { EnvironmentStack } from '../environment-stack';
import type { LookupStack } from '../api/lookup-stack';
import { alarmDefinitions, type AlarmDefinition } from './alarm-definitions';
import { alarmTopic } from './alarm-topic';
import { dashboard, dashboardName } from './dashboard';
import { EnvironmentMetrics } from './metrics';
import { runbookSection } from './runbook';
import type { OperationsStack } from '../operations/operations-stack';
import type { StorageStack } from '../storage/storage-stack';

/** What the rest is watched by: alarms, the topic they ring, and the dashboard. */
export class ObservabilityStack extends EnvironmentStack {
  constructor(
    scope: Construct,
    private readonly config: EnvironmentConfig,
    storage: StorageStack,
    { api, lookup }: LookupStack,
    operations: OperationsStack,
  ) {
    super(scope, 'Observability', config, 'dashboard, alarms and their topic');
    const metrics = new EnvironmentMetrics(
      config.name,
      api,
      [lookup, ...operations.functions],
      operations.backup,
      operations.monitor,
    );
    const action = new SnsAction(alarmTopic(this, storage.serviceKey, config.alarmEmail));
    const alarms = alarmDefinitions(config, metrics).map((definition) => this.#alarm(definition, action));
    dashboard(this, config, metrics, alarms);
    new CfnOutput(this, 'DashboardUrl', {
      value: `https://${this.region}.console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards:name=${dashboardName(config)}`,
    });
  }

  #alarm(definition: AlarmDefinition, action: SnsAction): Alarm {
    const { name, meaning } = definition;
    const alarm = new Alarm(this, name, {
      alarmName: `${environmentPrefix(this.config.name)}-${name}`,
      alarmDescription: `${this.config.name}: ${meaning} What to do: ${runbookSection(name)}`,
      metric: definition.metric,
      comparisonOperator: definition.comparison,
      threshold: definition.threshold,
      datapointsToAlarm: definition.datapoints,
      evaluationPeriods: definition.of,
      treatMissingData: definition.missing,
      ...(definition.ignoreLowSamples && { evaluateLowSampleCountPercentile: 'ignore' }),
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }
}
