import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Color,
  Dashboard,
  GraphWidget,
  SingleValueWidget,
  Stats,
  TextWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/environments';
import { HIT_RATE_LIMIT_PERCENT, MEMORY_LIMIT_PERCENT } from '../config/limits';
import { environmentPrefix } from '../config/stack-names';
import { usageCostPerDay } from './cost';
import { FIVE_MINUTES, type EnvironmentMetrics } from './metrics';

const DAY = Duration.days(1);

export function dashboardName(config: EnvironmentConfig): string {
  return environmentPrefix(config.name);
}

/** What the dashboard shows, in the order in which somebody woken at night asks. */
export function dashboard(
  scope: Construct,
  config: EnvironmentConfig,
  metrics: EnvironmentMetrics,
  alarms: readonly IAlarm[],
): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: dashboardName(config),
    defaultInterval: Duration.hours(3),
    widgets: [
      [
        new AlarmStatusWidget({
          title: `Alarms of ${config.name}`,
          alarms: [...alarms],
          width: 24,
          height: 4,
        }),
      ],
      [links(config, metrics)],
      answering(metrics),
      caching(metrics),
      redis(config, metrics),
      backups(config, metrics),
      running(metrics),
      cost(config, metrics),
    ],
  });
}

function links(config: EnvironmentConfig, metrics: EnvironmentMetrics): IWidget {
  const markdown = [
    `**medical-codes ${config.name}** · API ${metrics.api.url} · bucket \`${config.bucketName}\` · log group of`,
    `lookups \`${metrics.functions[0]?.logGroup.logGroupName ?? ''}\``,
    '',
    `An alarm’s section in \`docs/runbook.md\` bears its name. First look: \`npm run codes -- doctor --env ${config.name}\``,
  ].join('\n');
  return new TextWidget({ markdown, width: 24, height: 3 });
}

function answering(metrics: EnvironmentMetrics): IWidget[] {
  return [
    graph('Answering? Requests and errors', [
      metrics.requests(),
      metrics.clientErrors(),
      metrics.serverErrors(),
    ]),
    graph(
      'Answering? Latency, ms',
      [50, 90, 99].map((p) => metrics.latency(p).with({ label: `p${p}` })),
    ),
    graph('Answering? 5xx %, failed lookups', [
      metrics.errorRate(),
      metrics.own('LookupErrors', Stats.SUM, FIVE_MINUTES, 'failed lookups'),
    ]),
  ];
}

function caching(metrics: EnvironmentMetrics): IWidget[] {
  const outcomes = (
    [
      ['CacheHits', 'hits'],
      ['CacheMisses', 'misses'],
      ['CacheErrors', 'cache errors'],
      ['SourceReads', 'catalog reads'],
      ['SourceErrors', 'catalog errors'],
    ] as const
  ).map(([name, label]) => metrics.own(name, Stats.SUM, undefined, label));
  return [
    graph('Cache: hit rate %', [metrics.hitRate()], { limit: HIT_RATE_LIMIT_PERCENT, max: 100 }),
    graph('Cache: outcomes', outcomes),
    graph('Cache: lookup latency, ms, and slow queries', [
      ...[50, 90, 99].map((p) => metrics.own('LookupLatency', Stats.percentile(p), undefined, `p${p}`)),
      metrics.own('SlowQueries', Stats.SUM, undefined, 'slow queries'),
    ]),
  ];
}

function redis(config: EnvironmentConfig, metrics: EnvironmentMetrics): IWidget[] {
  const { memoryMb, connections } = config.plan;
  return [
    graph(`Redis: memory, % of ${memoryMb} MB`, [metrics.own('MemoryUsagePercent', Stats.MAXIMUM)], {
      limit: MEMORY_LIMIT_PERCENT,
      max: 100,
      width: 6,
    }),
    graph(
      `Redis: connections of ${connections}`,
      [metrics.own('ConnectedClients', Stats.MAXIMUM), metrics.own('ConnectionUsagePercent', Stats.MAXIMUM)],
      { limit: connections, width: 6 },
    ),
    graph('Redis: evictions, keys', [metrics.own('EvictedKeys', Stats.SUM)], {
      width: 6,
      right: [metrics.own('KeyCount', Stats.MAXIMUM)],
    }),
    graph(
      'Redis: replication lag, s, and connection errors',
      [metrics.own('ReplicationLagSeconds', Stats.MAXIMUM), metrics.own('ConnectionErrors', Stats.SUM)],
      { width: 6 },
    ),
  ];
}

function backups(config: EnvironmentConfig, metrics: EnvironmentMetrics): IWidget[] {
  const { maxAgeHours } = config.backup;
  return [
    graph('Backups: age of the newest, h', [metrics.own('BackupAgeHours', Stats.MAXIMUM, FIVE_MINUTES)], {
      ...(maxAgeHours !== undefined && { limit: maxAgeHours }),
    }),
    graph('Backups: succeeded and failed', [
      metrics.own('BackupSucceeded', Stats.SUM, FIVE_MINUTES),
      metrics.backupFailures(),
    ]),
    new SingleValueWidget({
      title: 'Backups: the last day',
      metrics: [
        metrics.own('BackupKeys', Stats.MAXIMUM, DAY, 'keys'),
        metrics.own('BackupBytes', Stats.MAXIMUM, DAY, 'bytes'),
        metrics.own('BackupDuration', Stats.MAXIMUM, DAY, 'duration, ms'),
      ],
      width: 8,
      height: 6,
    }),
  ];
}

function running(metrics: EnvironmentMetrics): IWidget[] {
  return [
    graph('Functions: errors', metrics.functionErrors(), { width: 12 }),
    graph('Functions: throttled calls and failed events', [metrics.throttles(), metrics.failedEvents()], {
      width: 12,
    }),
  ];
}

function cost(config: EnvironmentConfig, metrics: EnvironmentMetrics): IWidget[] {
  const { memoryMb, monthlyUsd } = config.plan;
  return [
    new GraphWidget({
      title: 'Cost: usage, $ a day',
      left: [usageCostPerDay(metrics)],
      period: DAY,
      width: 12,
      height: 6,
    }),
    graph('Cost: used memory of Redis, bytes', [metrics.own('UsedMemoryBytes', Stats.MAXIMUM, DAY)], {
      width: 6,
    }),
    new TextWidget({
      markdown: [
        `**Redis plan** ${memoryMb} MB, about $${monthlyUsd} a month at the default size.`,
        '',
        'Usage is requests and run time at list price, without storage and logs.',
        '',
        `Smallest plan that fits: \`npm run codes -- report --env ${config.name}\``,
      ].join('\n'),
      width: 6,
      height: 6,
    }),
  ];
}

interface GraphOptions {
  /** Draws the threshold of the alarm. */
  readonly limit?: number;
  readonly max?: number;
  readonly width?: number;
  readonly right?: IMetric[];
}

function graph(title: string, left: IMetric[], options: GraphOptions = {}): GraphWidget {
  const { limit, max, width = 8, right } = options;
  return new GraphWidget({
    title,
    left,
    ...(right && { right }),
    leftYAxis: { min: 0, ...(max !== undefined && { max }) },
    ...(limit !== undefined && { leftAnnotations: [{ value: limit, label: 'limit', color: Color.RED }] }),
    width,
    height: 6,
  });
}
