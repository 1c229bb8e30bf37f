import { ENVIRONMENTS } from '../../../lambda/names/environments';
import { ENVIRONMENT_DEFAULTS, environmentConfig } from '../../../lib/config/environments';

describe('the environments', () => {
  it.each([
    ['dev', 30, 30, 100],
    ['staging', 100, 256, 1000],
    ['prod', 500, 1024, 0],
  ] as const)(
    '%s has a plan of %d MB, %d connections, %d operations a second',
    (name, memoryMb, connections, ops) => {
      expect(environmentConfig(name, {}).plan).toMatchObject({ memoryMb, connections, opsPerSecond: ops });
    },
  );

  it.each([
    ['dev', 'backups/redis/dev/', undefined, 7, undefined],
    ['staging', 'backups/redis/daily/', 'cron(0 3 * * ? *)', 7, 25],
    ['prod', 'backups/redis/hourly/', 'cron(0 0/4 * * ? *)', 30, 4.5],
  ] as const)(
    '%s backs up to %s, by %s, kept %d days, alarm after %s h',
    (name, prefix, schedule, days, maxAge) => {
      const { backup } = environmentConfig(name, {});
      expect([backup.prefix, backup.schedule, backup.retentionDays, backup.maxAgeHours]).toEqual([
        prefix,
        schedule,
        days,
        maxAge,
      ]);
    },
  );

  it.each([
    ['dev', 30, undefined, 90],
    ['staging', 30, undefined, 90],
    ['prod', 30, 90, 365],
  ] as const)(
    '%s moves backups at %d d, to Glacier at %s d, and deletes them at %d d',
    (name, ia, glacier, expire) => {
      const { lifecycle } = environmentConfig(name, {});
      expect([lifecycle.infrequentAccessDays, lifecycle.glacierDays, lifecycle.expireDays]).toEqual([
        ia,
        glacier,
        expire,
      ]);
    },
  );

  it.each([
    ['dev', false, false],
    ['staging', true, false],
    ['prod', true, true],
  ] as const)('%s keeps its data: %s, is protected from deletion: %s', (name, retain, protection) => {
    const config = environmentConfig(name, {});
    expect([config.retain, config.terminationProtection]).toEqual([retain, protection]);
  });

  it('rotate every 90 days in prod only', () => {
    expect(ENVIRONMENTS.map((name) => ENVIRONMENT_DEFAULTS[name].rotationDays)).toEqual([
      undefined,
      undefined,
      90,
    ]);
  });

  it('fit together into one account’s 900 reservable executions', () => {
    const reserved = ENVIRONMENTS.flatMap((name) =>
      Object.values(environmentConfig(name, {}).concurrency ?? {}),
    );
    expect(reserved.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(900);
  });

  it('need no variable at all, and then let nobody in without a signature', () => {
    for (const name of ENVIRONMENTS) {
      expect(environmentConfig(name, {})).toMatchObject({
        bucketName: `foresight-${name}-medical-codes`,
        auth: { mode: 'iam' },
        teamClaim: 'teamId',
        usageCounting: true,
        redisCloudBackups: false,
        rotation: { strategy: 'off' },
        warnings: [],
      });
    }
  });

  it('never carry the connection string', () => {
    const config = environmentConfig('prod', {
      REDIS_CONNECTION_STRING: 'rediss://default:CANARY@host:6379',
    });
    expect(JSON.stringify(config)).not.toMatch(/CANARY|host/);
  });

  it('take the plan, the names and the switches from variables', () => {
    const config = environmentConfig('staging', {
      PLAN_MEMORY_MB: '250',
      PLAN_CONNECTIONS: '12',
      PLAN_OPS_PER_SECOND: '0',
      BUCKET_PREFIX: 'acme',
      JWT_ISSUER: 'https://issuer.example.com/',
      JWT_AUDIENCE: 'codes, other',
      TEAM_CLAIM: 'https://example.com/team',
      USAGE_COUNTING: 'off',
      REDIS_CLOUD_BACKUPS: 'on',
      RESERVED_CONCURRENCY: 'off',
      REPLICA_REGION: 'eu-west-1',
      CDK_DEFAULT_REGION: 'us-east-1',
      ALARM_EMAIL: 'oncall@example.com',
    });
    expect(config).toMatchObject({
      plan: { memoryMb: 250, connections: 12, opsPerSecond: 0 },
      bucketName: 'acme-staging-medical-codes',
      auth: { mode: 'jwt', issuer: 'https://issuer.example.com/', audience: ['codes', 'other'] },
      teamClaim: 'https://example.com/team',
      usageCounting: false,
      redisCloudBackups: true,
      replicaRegion: 'eu-west-1',
      region: 'us-east-1',
      alarmEmail: 'oncall@example.com',
    });
    expect(config.concurrency).toBeUndefined();
  });
});

/** A daily schedule as EventBridge takes it, in UTC: a minute, and an hour or every so many hours from one on. */
const DAILY = /^cron\((?<minute>\d{1,2}) (?<hour>\d{1,2})(?:\/(?<every>\d{1,2}))? \* \* \? \*\)$/;

describe('the backups', () => {
  it.each([
    ['dev', undefined, undefined],
    ['staging', 24, 25],
    ['prod', 4, 4.5],
  ] as const)('of %s come every %p hours, and their age rings at %p', (name, hours, maxAgeHours) => {
    const { schedule, maxAgeHours: limit } = ENVIRONMENT_DEFAULTS[name].backup;
    expect(limit).toBe(maxAgeHours);
    if (schedule === undefined) {
      expect(hours).toBeUndefined();
      return;
    }
    const { minute, hour, every } = DAILY.exec(schedule)?.groups ?? {};
    expect(Number(minute)).toBeLessThan(60);
    expect(Number(hour)).toBeLessThan(24);
    // Hours that a day does not divide by would leave a shorter gap at midnight.
    expect(24 % Number(every ?? 24)).toBe(0);
    expect(Number(every ?? 24)).toBe(hours);
    expect(maxAgeHours).toBeGreaterThan(Number(hours));
  });
});
