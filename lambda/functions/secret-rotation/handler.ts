import * as z from 'zod/mini';
import { secretsManagerReader } from '../../redis/secret';
import { aclStrategy } from '../../rotation/acl';
import { parseAclUsers, redisCloudStrategy } from '../../rotation/redis-cloud';
import { apiKeysOf, REDIS_CLOUD_API_URL, RedisCloudApi } from '../../rotation/redis-cloud-api';
import { redisLogin } from '../../rotation/redis-login';
import { rotate, rotationEventSchema, type RotationHost } from '../../rotation/rotate';
import { secretsManager } from '../../rotation/secrets-manager';
import type { RotationStrategy } from '../../rotation/strategy';
import { jsonLog } from '../../telemetry/logger';
import { systemClock } from '../../names/clock';
import { settingsOf } from '../settings';

const log = jsonLog('secret-rotation');
const sleep = (milliseconds: number): Promise<void> => systemClock.sleep(milliseconds);

function makeHost(): RotationHost {
  const settings = settingsOf(process.env);
  const login = redisLogin({
    sleep,
    forgetful: () =>
      log.write(
        'warn',
        'Redis has no file to keep its users in and forgets the new password when it restarts',
      ),
  });
  const strategy = (): RotationStrategy => {
    if (settings.rotationStrategy === 'acl') return aclStrategy(login);
    const secretArn = settings.redisCloudApiSecretArn;
    const api = new RedisCloudApi({
      baseUrl: settings.redisCloudApiUrl ?? REDIS_CLOUD_API_URL,
      apiKeys: async () => apiKeysOf(await secretsManagerReader().read(secretArn)),
      sleep,
    });
    return redisCloudStrategy(api, parseAclUsers(settings.redisCloudAclUsers));
  };
  return { secrets: secretsManager(), strategy: strategy(), logsIn: login.logsIn, sleep };
}

let host: RotationHost | undefined;

/** One step of a rotation, as Secrets Manager calls for it. A failed step throws and may be repeated. */
export async function handler(event: unknown): Promise<void> {
  const parsed = z.parse(rotationEventSchema, event);
  const about = { step: parsed.Step, version: parsed.ClientRequestToken };
  host ??= makeHost();
  try {
    log.write('info', 'rotation step', { ...about, outcome: await rotate(host, parsed) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    log.write('error', 'rotation step failed', { ...about, reason });
    throw error;
  }
}
