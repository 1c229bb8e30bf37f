import { ConfigError } from './config-error';
import { remedy, type ParsedVariables } from './variables';

/** How the Redis password changes: not by itself, by Redis's own ACL, or through Redis Cloud's REST API. */
export type RotationConfig =
  | { readonly strategy: 'off' }
  | { readonly strategy: 'acl' }
  | {
      readonly strategy: 'redis-cloud';
      /** Secret with the API's two keys. */
      readonly apiSecretArn: string;
      /** The two users that take turns, `idA:nameA,idB:nameB`. */
      readonly aclUsers: string;
      /** Another address of the API. */
      readonly apiUrl?: string;
    };

/** `isolated`: the functions run in a VPC without a way to the internet. */
export function rotationConfig(parsed: ParsedVariables, isolated: boolean): RotationConfig {
  const strategy = parsed.ROTATION_STRATEGY ?? 'off';
  if (strategy !== 'redis-cloud') return { strategy };
  const { REDIS_CLOUD_API_SECRET_ARN: apiSecretArn, REDIS_CLOUD_ACL_USERS: aclUsers } = parsed;
  const needed = 'is missing although ROTATION_STRATEGY is redis-cloud';
  if (apiSecretArn === undefined) {
    throw new ConfigError('REDIS_CLOUD_API_SECRET_ARN', needed, remedy('REDIS_CLOUD_API_SECRET_ARN'));
  }
  if (aclUsers === undefined) {
    throw new ConfigError('REDIS_CLOUD_ACL_USERS', needed, remedy('REDIS_CLOUD_ACL_USERS'));
  }
  if (isolated) {
    throw new ConfigError(
      'ROTATION_STRATEGY',
      'redis-cloud needs the internet, which the peered network does not reach',
      'set it to off and rotate as the runbook says',
    );
  }
  const apiUrl = parsed.REDIS_CLOUD_API_URL;
  return { strategy, apiSecretArn, aclUsers, ...(apiUrl && { apiUrl }) };
}
