import { overlap, parseCidr, type Cidr } from './cidr';
import { ConfigError } from './config-error';
import { S3_PREFIX_LISTS } from '../network/s3-prefix-lists';
import { remedy, type ParsedVariables, type VariableName } from './variables';

/** How the functions reach a Redis that only its own VPC serves. */
export interface NetworkConfig {
  /** Undefined while the peering has yet to be asked for, for which the VPC must exist. */
  readonly peeringId?: string;
  readonly redisCidr: string;
  readonly vpcCidr: string;
  /** AWS's list of S3 addresses; undefined while the region is. */
  readonly s3PrefixListId?: string;
}

/** Stands for a peering connection that nobody can have yet. */
const PENDING = 'pending';

/** Room for both subnets and little more: functions share their network interfaces. */
const DEFAULT_VPC_CIDR = '10.90.0.0/24';

/** AWS takes a VPC from /16; two subnets need at least a /27 each. */
const VPC_PREFIX = { widest: 16, narrowest: 26 };

/**
 * The network of the variables: undefined without peering, otherwise complete. Refuses half of a peering and
 * blocks that overlap, between which no route could decide.
 */
export function networkConfig(variables: ParsedVariables): NetworkConfig | undefined {
  const { REDIS_PEERING_ID: peeringId, REDIS_VPC_CIDR: redisCidr } = variables;
  const redis = block('REDIS_VPC_CIDR', redisCidr);
  const vpc = block('VPC_CIDR', variables.VPC_CIDR ?? DEFAULT_VPC_CIDR);
  if (vpc && (vpc.prefix < VPC_PREFIX.widest || vpc.prefix > VPC_PREFIX.narrowest)) {
    throw new ConfigError('VPC_CIDR', 'is not between /16 and /26', remedy('VPC_CIDR'));
  }
  if (redis && redis.prefix < 8) {
    throw new ConfigError('REDIS_VPC_CIDR', 'is wider than /8', remedy('REDIS_VPC_CIDR'));
  }
  if (peeringId === undefined && redis === undefined) return undefined;
  if (peeringId === undefined) {
    throw new ConfigError(
      'REDIS_PEERING_ID',
      'is missing although REDIS_VPC_CIDR is set',
      remedy('REDIS_PEERING_ID'),
    );
  }
  if (redis === undefined || vpc === undefined) {
    throw new ConfigError(
      'REDIS_VPC_CIDR',
      'is missing although REDIS_PEERING_ID is set',
      remedy('REDIS_VPC_CIDR'),
    );
  }
  if (overlap(redis, vpc)) {
    throw new ConfigError(
      'VPC_CIDR',
      'overlaps REDIS_VPC_CIDR, so that no route could tell them apart',
      'set VPC_CIDR to another private block',
    );
  }
  const s3PrefixListId = s3PrefixList(variables);
  return {
    ...(peeringId !== PENDING && { peeringId }),
    redisCidr: redis.text,
    vpcCidr: vpc.text,
    ...(s3PrefixListId && { s3PrefixListId }),
  };
}

/** Undefined only while the region is unknown: CloudFormation then picks from the same table. */
function s3PrefixList(variables: ParsedVariables): string | undefined {
  const { S3_PREFIX_LIST_ID: given, CDK_DEFAULT_REGION: region } = variables;
  if (given !== undefined || region === undefined) return given;
  const known = S3_PREFIX_LISTS[region];
  if (known !== undefined) return known;
  throw new ConfigError(
    'S3_PREFIX_LIST_ID',
    'is missing, and this region’s is not known here',
    remedy('S3_PREFIX_LIST_ID'),
  );
}

function block(variable: VariableName, text: string | undefined): Cidr | undefined {
  if (text === undefined) return undefined;
  try {
    return parseCidr(text);
  } catch (error) {
    const problem = error instanceof RangeError ? error.message : 'is not a block of addresses';
    throw new ConfigError(variable, problem, remedy(variable));
  }
}
