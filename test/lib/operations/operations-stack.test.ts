import { ENVIRONMENTS, type EnvironmentName } from '../../../lambda/names/environments';
import { environmentConfig } from '../../../lib/config/environments';
import { template } from '../synthesis';
import { resource, resources, text } from '../templates';
import { API_SECRET, REDIS_CLOUD_ROTATION } from '../variants';

/** Every rule of a stack: its schedule or event, and the function that it calls. */
function triggers(name: EnvironmentName, variables = {}) {
  return resources(template(name, 'Operations', variables), 'AWS::Events::Rule').map(
    ([, { Properties }]) => ({
      when: (Properties.ScheduleExpression ?? Properties.EventPattern.detail.object.key) as unknown,
      calls: text(Properties.Targets[0].Arn).replace(/^<(\w+?)Function.*$/, '$1'),
    }),
  );
}

describe('what runs when', () => {
  const always = [
    { when: 'rate(1 minute)', calls: 'CacheMonitor' },
    { when: 'rate(15 minutes)', calls: 'HotCodes' },
    { when: ['catalog/current.json'], calls: 'CacheWarmer' },
  ];

  it.each([
    ['dev', 'backups/redis/dev/*/checkpoint.json', []],
    ['staging', 'backups/redis/daily/*/checkpoint.json', [{ when: 'cron(0 3 * * ? *)', calls: 'Backup' }]],
    ['prod', 'backups/redis/hourly/*/checkpoint.json', [{ when: 'cron(0 0/4 * * ? *)', calls: 'Backup' }]],
  ] as const)('in %s', (name, checkpoint, schedule) => {
    const expected = [...always, { when: [{ wildcard: checkpoint }], calls: 'Backup' }, ...schedule];
    const found = triggers(name);
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  it('counts no uses where that is switched off', () => {
    expect(triggers('prod', { USAGE_COUNTING: 'off' })).not.toContainEqual(
      expect.objectContaining({ calls: 'HotCodes' }),
    );
  });
});

describe('functions', () => {
  it.each(ENVIRONMENTS)('of %s hold no more connections together than the plan has', (name) => {
    const functions = ['Lookup', 'Operations'].flatMap((part) =>
      resources(template(name, part, { ROTATION_STRATEGY: 'acl' }), 'AWS::Lambda::Function'),
    );
    expect(functions).toHaveLength(6);
    const reserved = functions.map(([, { Properties }]) => Properties.ReservedConcurrentExecutions as number);
    const total = reserved.reduce((sum, each) => sum + each);
    expect(total + 5).toBeLessThanOrEqual(environmentConfig(name, {}).plan.connections);
  });

  it('reserve nothing in an account that cannot', () => {
    for (const part of ['Lookup', 'Operations']) {
      for (const [, { Properties }] of resources(
        template('dev', part, { RESERVED_CONCURRENCY: 'off' }),
        'AWS::Lambda::Function',
      )) {
        expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
      }
    }
  });

  it('share runtime, architecture, tracing and an encrypted log that ends', () => {
    for (const part of ['Lookup', 'Operations']) {
      const it = template('prod', part, { ROTATION_STRATEGY: 'acl' });
      for (const [, { Properties }] of resources(it, 'AWS::Lambda::Function')) {
        expect(Properties).toMatchObject({
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          TracingConfig: { Mode: 'Active' },
          Handler: 'index.handler',
          LoggingConfig: { LogGroup: expect.anything() },
        });
      }
      for (const [, { Properties }] of resources(it, 'AWS::Logs::LogGroup')) {
        expect(Properties.RetentionInDays).toBe(365);
        expect(text(Properties.KmsKeyId)).toContain('ServiceKey');
      }
    }
  });

  it('keep what failed every retry, unless somebody waits for the answer', () => {
    for (const [, { Properties }] of resources(template('prod', 'Operations'), 'AWS::Lambda::Function')) {
      expect(text(Properties.DeadLetterConfig?.TargetArn)).toMatch(/DeadLetters/);
    }
    expect(
      resource(template('prod', 'Lookup'), 'AWS::Lambda::Function').Properties.DeadLetterConfig,
    ).toBeUndefined();
  });

  it.each([
    ['Backup', 900, 1],
    ['CacheMonitor', 30, 0],
    ['HotCodes', 600, 0],
    ['CacheWarmer', 900, 2],
  ])('%s may run %d seconds and is retried %d times', (id, seconds, retries) => {
    const it = template('prod', 'Operations');
    expect(resource(it, 'AWS::Lambda::Function', id).Properties.Timeout).toBe(seconds);
    expect(resource(it, 'AWS::Lambda::EventInvokeConfig', id).Properties.MaximumRetryAttempts).toBe(retries);
  });

  it('answer lookups within ten seconds or not at all', () => {
    expect(resource(template('dev', 'Lookup'), 'AWS::Lambda::Function').Properties.Timeout).toBe(10);
  });

  it('are told figures and names, and the secret by its ARN only', () => {
    const { Variables } = resource(template('prod', 'Operations'), 'AWS::Lambda::Function', 'Backup')
      .Properties.Environment;
    expect(Variables).toEqual({
      MEDICAL_CODES_ENV: 'prod',
      REDIS_SECRET_ARN: expect.objectContaining({ 'Fn::GetStackOutput': expect.anything() }),
      REDIS_ADDRESS_ID: 'unknown',
      CATALOG_STORE: 's3://foresight-prod-medical-codes',
      AUTH_MODE: 'iam',
      TEAM_CLAIM: 'teamId',
      USAGE_COUNTING: 'on',
      BACKUP_PREFIX: 'backups/redis/hourly/',
      BACKUP_RETENTION_DAYS: '30',
      PLAN_MEMORY_MB: '500',
      PLAN_CONNECTIONS: '1024',
      PLAN_OPS_PER_SECOND: '0',
    });
  });

  it('start anew when the environment moves to another database, and not when a password changes', () => {
    const settings = (redis: string): unknown =>
      resource(
        template('dev', 'Operations', { REDIS_CONNECTION_STRING: redis }),
        'AWS::Lambda::Function',
        'Backup',
      ).Properties.Environment;
    const known = settings('rediss://default:old@a.example:6380');
    expect(settings('rediss://default:new@a.example:6380')).toEqual(known);
    expect(settings('rediss://default:old@b.example:6380')).not.toEqual(known);
  });
});

describe('rotation', () => {
  const schedules = (name: EnvironmentName, variables: Record<string, string>) =>
    resources(template(name, 'Operations', variables), 'AWS::SecretsManager::RotationSchedule');

  it('is every 90 days in prod, and not before the first string was put in', () => {
    const [schedule] = schedules('prod', { ROTATION_STRATEGY: 'acl' });
    expect(schedule?.[1].Properties).toMatchObject({
      RotationRules: { AutomaticallyAfterDays: 90 },
      RotateImmediatelyOnUpdate: false,
    });
  });

  it('waits for the permission by which Secrets Manager calls the function', () => {
    const [schedule] = schedules('prod', { ROTATION_STRATEGY: 'acl' });
    expect(schedule?.[1].DependsOn?.some((id) => id.includes('SecretsManager'))).toBe(true);
  });

  it('is by hand elsewhere, and nowhere without a strategy', () => {
    expect(schedules('staging', { ROTATION_STRATEGY: 'acl' })).toEqual([]);
    expect(
      resources(template('staging', 'Operations', { ROTATION_STRATEGY: 'acl' }), 'AWS::Lambda::Function'),
    ).toHaveLength(5);
    expect(resources(template('prod', 'Operations'), 'AWS::Lambda::Function')).toHaveLength(4);
    expect(schedules('prod', {})).toEqual([]);
  });

  it('at Redis Cloud is told the users and where the keys are, not the keys', () => {
    const it = template('prod', 'Operations', REDIS_CLOUD_ROTATION);
    expect(resource(it, 'AWS::Lambda::Function', 'Rotation').Properties.Environment.Variables).toMatchObject({
      ROTATION_STRATEGY: 'redis-cloud',
      REDIS_CLOUD_API_SECRET_ARN: API_SECRET,
      REDIS_CLOUD_ACL_USERS: '1201:codes-a,1202:codes-b',
    });
  });
});
