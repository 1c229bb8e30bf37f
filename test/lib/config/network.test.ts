import { overlap, parseCidr } from '../../../lib/config/cidr';
import { environmentConfig } from '../../../lib/config/environments';
import { networkConfig } from '../../../lib/config/network';
import { parseVariables, type Variables } from '../../../lib/config/variables';

const peered = { REDIS_PEERING_ID: 'pcx-0123456789abcdef0', REDIS_VPC_CIDR: '10.20.0.0/24' };
const network = (variables: Variables) => networkConfig(parseVariables(variables));

describe('blocks of addresses', () => {
  it.each([
    ['10.0.0.0/16', 2 ** 16],
    ['192.168.1.128/25', 128],
    ['1.2.3.4/32', 1],
    ['0.0.0.0/0', 2 ** 32],
  ])('%s holds %d addresses', (text, size) => {
    const { first, last } = parseCidr(text);
    expect(last - first + 1).toBe(size);
  });

  it.each(['10.0.0.0', '10.0.0/16', '10.0.0.256/32', '10.0.0.0/33', 'ten/8', '10.0.0.0/16 ', '10.0.0.0/-1'])(
    '%s is none',
    (text) => {
      expect(() => parseCidr(text)).toThrow('is not an IPv4 block');
    },
  );

  it('10.0.0.1/24 does not start where a /24 starts', () => {
    expect(() => parseCidr('10.0.0.1/24')).toThrow('does not start where a /24 starts');
  });

  it.each([
    ['10.0.0.0/16', '10.0.255.0/24', true],
    ['10.0.255.0/24', '10.0.0.0/16', true],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['10.0.0.0/8', '11.0.0.0/8', false],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(overlap(parseCidr(a), parseCidr(b))).toBe(expected);
  });
});

describe('peering', () => {
  it('is off without its variables', () => {
    expect(network({})).toBeUndefined();
    expect(network({ VPC_CIDR: '10.1.0.0/24' })).toBeUndefined();
  });

  it('is complete with the id and the block of Redis', () => {
    expect(network(peered)).toEqual({
      peeringId: peered.REDIS_PEERING_ID,
      redisCidr: '10.20.0.0/24',
      vpcCidr: '10.90.0.0/24',
    });
  });

  it('may be pending, as long as the VPC that it is asked for does not exist', () => {
    const pending = network({ ...peered, REDIS_PEERING_ID: 'pending' });
    expect(pending).toEqual({ redisCidr: '10.20.0.0/24', vpcCidr: '10.90.0.0/24' });
    expect(() => network({ REDIS_PEERING_ID: 'pending' })).toThrow(/^REDIS_VPC_CIDR: is missing/);
  });

  it('knows the S3 prefix list of common regions, and takes that of others', () => {
    expect(network({ ...peered, CDK_DEFAULT_REGION: 'eu-west-1' })?.s3PrefixListId).toBe('pl-6da54004');
    const elsewhere = { ...peered, CDK_DEFAULT_REGION: 'ap-east-1' };
    expect(() => network(elsewhere)).toThrow(/^S3_PREFIX_LIST_ID: is missing.*describe-prefix-lists/);
    expect(network({ ...elsewhere, S3_PREFIX_LIST_ID: 'pl-12345678' })?.s3PrefixListId).toBe('pl-12345678');
  });

  it.each<[string, Variables, RegExp]>([
    ['an id without its block', { REDIS_PEERING_ID: peered.REDIS_PEERING_ID }, /^REDIS_VPC_CIDR: is missing/],
    ['a block without its id', { REDIS_VPC_CIDR: '10.20.0.0/24' }, /^REDIS_PEERING_ID: is missing/],
    [
      'a block that is none',
      { ...peered, REDIS_VPC_CIDR: '10.20.0.0' },
      /^REDIS_VPC_CIDR: is not an IPv4 block/,
    ],
    [
      'a block with host bits',
      { ...peered, REDIS_VPC_CIDR: '10.20.0.1/24' },
      /^REDIS_VPC_CIDR: does not start/,
    ],
    ['the whole internet', { ...peered, REDIS_VPC_CIDR: '0.0.0.0/0' }, /^REDIS_VPC_CIDR: is wider than/],
    ['a VPC that AWS refuses', { ...peered, VPC_CIDR: '10.0.0.0/15' }, /^VPC_CIDR: is not between/],
    ['a VPC without room for subnets', { ...peered, VPC_CIDR: '10.0.0.0/27' }, /^VPC_CIDR: is not between/],
    ['blocks that overlap', { ...peered, VPC_CIDR: '10.20.0.0/16' }, /^VPC_CIDR: overlaps REDIS_VPC_CIDR/],
    ['an overlap with the default', { ...peered, REDIS_VPC_CIDR: '10.90.0.0/25' }, /^VPC_CIDR: overlaps/],
  ])('refuses %s', (_what, variables, line) => {
    expect(() => network(variables)).toThrow(line);
  });

  it('needs the connection string for its port, but neither user nor password', () => {
    expect(() => environmentConfig('prod', peered)).toThrow(/^REDIS_CONNECTION_STRING: is missing/);
    const config = environmentConfig('prod', {
      ...peered,
      REDIS_CONNECTION_STRING: 'rediss://r.example.com:12345',
    });
    expect(config.redis.ports).toEqual([12345]);
  });

  it('cannot rotate through an API on the internet', () => {
    const variables = {
      ...peered,
      REDIS_CONNECTION_STRING: 'rediss://r.example.com:12345',
      ROTATION_STRATEGY: 'redis-cloud',
      REDIS_CLOUD_API_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:api-AbCdEf',
      REDIS_CLOUD_ACL_USERS: '1:a,2:b',
    };
    expect(() => environmentConfig('prod', variables)).toThrow(
      /^ROTATION_STRATEGY: redis-cloud needs the internet/,
    );
  });
});
