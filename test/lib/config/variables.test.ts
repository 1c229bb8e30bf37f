import { ConfigError } from '../../../lib/config/config-error';
import { environmentConfig } from '../../../lib/config/environments';
import { VARIABLE_NAMES, type Variables } from '../../../lib/config/variables';

/** For every variable a value that cannot be used, with what else it needs to be looked at. */
const BAD: Record<string, { value: string; others?: Variables }[]> = {
  REDIS_CONNECTION_STRING: [
    { value: 'CANARY' },
    { value: 'http://default:CANARY@host:6379' },
    { value: 'redis://default:CANARY@:6379' },
    { value: 'rediss://default:CANARY@host:port' },
    { value: 'rediss://default:CANARY@host:0' },
    { value: 'rediss://default:CANARY@host:6379?replica=nowhere' },
    { value: 'rediss://default:CANARY@host:6379?timeout=3' },
    { value: 'rediss://default:CANARY#1@host:6379' },
  ],
  BUCKET_PREFIX: [
    { value: 'Capital' },
    { value: 'under_score' },
    { value: '-dash' },
    { value: 'dot.ted' },
    { value: 'x'.repeat(34) },
    { value: 'xn--abc' },
  ],
  ALARM_EMAIL: [{ value: 'nobody' }, { value: 'a@b' }, { value: 'a@b.c,d@e.f' }],
  JWT_ISSUER: [
    { value: 'my-issuer' },
    { value: 'http://issuer.example.com/' },
    { value: 'https://i.example.com/?a=1' },
  ],
  JWT_AUDIENCE: [{ value: 'a,,b' }, { value: 'a b' }],
  TEAM_CLAIM: [{ value: '9team' }, { value: 'team id' }],
  REDIS_PEERING_ID: [{ value: 'vpc-0123456789abcdef0' }, { value: 'pcx-12345' }],
  REDIS_VPC_CIDR: [{ value: '10.0.0.0/40' }],
  VPC_CIDR: [{ value: '10.0.0.0/8' }, { value: 'mine' }],
  S3_PREFIX_LIST_ID: [{ value: 'sg-12345678' }],
  REPLICA_REGION: [
    { value: 'Frankfurt' },
    { value: 'us-east-1', others: { CDK_DEFAULT_REGION: 'us-east-1' } },
  ],
  RESERVED_CONCURRENCY: [{ value: 'no' }, { value: 'OFF' }],
  USAGE_COUNTING: [{ value: 'false' }],
  PLAN_MEMORY_MB: [{ value: '0' }, { value: '30MB' }, { value: '-1' }, { value: '1.5' }],
  PLAN_CONNECTIONS: [{ value: 'many' }, { value: '11' }],
  PLAN_OPS_PER_SECOND: [{ value: 'none' }],
  REDIS_CLOUD_BACKUPS: [{ value: 'yes' }],
  ROTATION_STRATEGY: [{ value: 'daily' }],
  REDIS_CLOUD_API_SECRET_ARN: [
    { value: 'medical-codes/api' },
    { value: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:api' },
  ],
  REDIS_CLOUD_ACL_USERS: [{ value: '1:a' }, { value: '1:a,1:b' }, { value: '1:a,2:a' }, { value: 'a,b' }],
  REDIS_CLOUD_API_URL: [{ value: 'api.example.com' }],
  CDK_DEFAULT_ACCOUNT: [{ value: '1234' }],
  CDK_DEFAULT_REGION: [{ value: 'here' }],
};

describe('a variable with a bad value', () => {
  it('is tried below for every variable there is', () => {
    expect(Object.keys(BAD).sort()).toEqual([...VARIABLE_NAMES].sort());
  });

  const cases = Object.entries(BAD).flatMap(([name, values]) => values.map((bad) => [name, bad] as const));

  it.each(cases)(
    '%s stops with one line that names it and repeats nothing: %j',
    (name, { value, others }) => {
      const refusal = thrown(() => environmentConfig('staging', { ...others, [name]: value }));
      expect(refusal).toBeInstanceOf(ConfigError);
      expect(refusal.message).toMatch(new RegExp(`^${name}: .+; .+$`));
      expect(refusal.message).not.toContain('\n');
      expect(refusal.message).not.toContain('CANARY');
      if (value.length > 4) expect(refusal.message).not.toContain(value);
    },
  );

  it.each([
    ['JWT_AUDIENCE', { JWT_ISSUER: 'https://i.example.com/' }],
    ['JWT_ISSUER', { JWT_AUDIENCE: 'a' }],
    ['CDK_DEFAULT_REGION', { REPLICA_REGION: 'eu-west-1' }],
    ['REDIS_CLOUD_API_SECRET_ARN', { ROTATION_STRATEGY: 'redis-cloud' }],
    [
      'REDIS_CLOUD_ACL_USERS',
      {
        ROTATION_STRATEGY: 'redis-cloud',
        REDIS_CLOUD_API_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:api-AbCdEf',
      },
    ],
  ])('%s is asked for when its partner is set alone', (name, variables) => {
    expect(() => environmentConfig('dev', variables)).toThrow(new RegExp(`^${name}: is missing although`));
  });
});

describe('a variable that is empty or blank', () => {
  it.each(VARIABLE_NAMES.map((name) => [name]))('%s counts as not set', (name) => {
    expect(environmentConfig('prod', { [name]: '' })).toEqual(environmentConfig('prod', {}));
    expect(environmentConfig('prod', { [name]: '  ' })).toEqual(environmentConfig('prod', {}));
  });
});

describe('TLS', () => {
  const plain = { REDIS_CONNECTION_STRING: 'redis://default:CANARY@host:6379' };

  it.each(['staging', 'prod'] as const)('is required in %s', (name) => {
    expect(() => environmentConfig(name, plain)).toThrow(
      /^REDIS_CONNECTION_STRING: has no TLS.*rediss:\/\/$/,
    );
  });

  it('is warned about in dev, whose free plan has none', () => {
    const { warnings } = environmentConfig('dev', plain);
    expect(warnings).toEqual([expect.stringMatching(/^REDIS_CONNECTION_STRING: has no TLS/)]);
    expect(environmentConfig('dev', { REDIS_CONNECTION_STRING: 'rediss://h:1' }).warnings).toEqual([]);
  });
});

function thrown(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was refused');
}
