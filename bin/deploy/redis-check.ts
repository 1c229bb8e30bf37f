import { redisSecretName } from '../../lambda/names/environments';
import type { ConnectionTarget } from '../../lambda/redis/connection-string';
import { ConfigError } from '../../lib/config/config-error';
import { redisTarget } from '../../lib/config/redis-endpoint';
import type { DeployArguments } from './arguments';
import type { AwsAccess } from './aws-access';
import { addressOf } from './redis-address';
import type { PingResult } from './redis-ping';
import { redisRefusal } from './redis-refusal';
import { Refused } from '../../cli/terminal/failure';
import { rotatedString, usableString } from './secret-sync';

export interface RedisCheckHost {
  readonly aws: Pick<AwsAccess, 'readSecret'>;
  ping(target: ConnectionTarget): Promise<PingResult>;
}

/**
 * Whether the database of the given string answers. A password that rotation has replaced since is no reason to
 * stop: then the one in the secret has to log in.
 * @returns what to tell the person
 * @throws Refused when nothing logs in
 */
export async function checkGivenString(
  { environment, replaceRotated }: DeployArguments,
  given: string,
  host: RedisCheckHost,
): Promise<string> {
  const target = redisTarget(given);
  const result = await host.ping(target);
  if (result.ok) return pong(result);
  if (result.failure === 'auth' && !replaceRotated) {
    const stored = await host.aws.readSecret(redisSecretName(environment)).catch(() => undefined);
    const rotated = rotatedString(stored, given);
    if (rotated !== undefined) {
      return `${await checkString(rotated, host)} with the rotated password of the secret; the given one is out of date`;
    }
  }
  throw new Refused(redisRefusal(addressOf(target), result));
}

/**
 * The string that the environment's secret holds, for a deployment that is given none.
 * @throws ConfigError when there is none
 */
export async function deployedString(
  { environment }: Pick<DeployArguments, 'environment'>,
  aws: RedisCheckHost['aws'],
): Promise<string> {
  const stored = usableString(await aws.readSecret(redisSecretName(environment)));
  if (stored !== undefined) return stored;
  throw new ConfigError(
    'REDIS_CONNECTION_STRING',
    `is missing, and ${environment} has no secret yet that would hold one`,
    `set it in .env.${environment}; docs/redis-cloud.md says where to find it`,
  );
}

/** @throws Refused */
export async function checkString(connectionString: string, host: RedisCheckHost): Promise<string> {
  const target = redisTarget(connectionString);
  const result = await host.ping(target);
  if (result.ok) return pong(result);
  throw new Refused(redisRefusal(addressOf(target), result));
}

function pong({ milliseconds }: { readonly milliseconds: number }): string {
  return `PONG in ${milliseconds} ms`;
}
