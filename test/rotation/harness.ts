import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { aclStrategy } from '../../lambda/rotation/acl';
import { redisCloudStrategy } from '../../lambda/rotation/redis-cloud';
import { RedisCloudApi } from '../../lambda/rotation/redis-cloud-api';
import { redisLogin } from '../../lambda/rotation/redis-login';
import { rotate, type RotationHost, type RotationStep } from '../../lambda/rotation/rotate';
import type { RotationStrategy } from '../../lambda/rotation/strategy';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import type { FakeSecret } from './fake-secrets';
import { Faults } from './faults';
import { API_KEYS, type RedisCloudServer, startRedisCloud } from './redis-cloud-server';

export const STEPS: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
export const USERS = [
  { id: '1201', name: 'codes-a' },
  { id: '1202', name: 'codes-b' },
] as const;

/** Rights of the service's user, and what it needs to change its own password. */
const RULES = ['on', '~*', '+@all'];

/** A Redis whose users rotate, by either strategy. */
export interface Rotating {
  readonly kind: string;
  readonly server: RedisServer;
  readonly admin: Redis;
  readonly firstSecret: string;
  readonly login: ReturnType<typeof redisLogin>;
  strategy(faults: Faults): RotationStrategy;
  stop(): Promise<void>;
}

/** Fails at once when the server is gone, as a test of that must. */
function administrator(server: RedisServer): Redis {
  const admin = new Redis(server.connectionString, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  admin.on('error', () => undefined);
  return admin;
}

const noSleep = { sleep: () => Promise.resolve(), forgetful: () => undefined };

export async function selfManaged(): Promise<Rotating> {
  const server = await startRedisServer();
  const admin = administrator(server);
  await admin.call('ACL', 'SETUSER', 'codes', ...RULES, '>first-password');
  const login = redisLogin(noSleep);
  return {
    kind: 'acl',
    server,
    admin,
    firstSecret: `redis://codes:first-password@127.0.0.1:${server.port}`,
    login,
    strategy: (faults) => aclStrategy(faults.around(login)),
    stop: async () => {
      admin.disconnect();
      await server.stop();
    },
  };
}

export async function redisCloud(): Promise<Rotating & { cloud: RedisCloudServer }> {
  const server = await startRedisServer({ password: 'initial' });
  const admin = administrator(server);
  const cloud = await startRedisCloud(
    new Map(USERS.map(({ id, name }) => [id, name])),
    async (user, password) => {
      await admin.call('ACL', 'SETUSER', user, 'resetpass', ...RULES, `>${password}`);
    },
  );
  const host = { baseUrl: cloud.url, apiKeys: () => Promise.resolve(API_KEYS), sleep: noSleep.sleep };
  return {
    kind: 'redis-cloud',
    server,
    admin,
    cloud,
    firstSecret: server.connectionString,
    login: redisLogin(noSleep),
    strategy: (faults) => redisCloudStrategy(faults.around(new RedisCloudApi(host)), USERS),
    stop: async () => {
      await cloud.stop();
      admin.disconnect();
      await server.stop();
    },
  };
}

export function hostOf(
  redis: Rotating,
  secret: FakeSecret,
  faults = new Faults(),
  sleep = noSleep.sleep,
): RotationHost {
  const outside = faults.around({ logsIn: (value: string) => redis.login.logsIn(value), sleep });
  return { secrets: faults.around(secret), strategy: redis.strategy(faults), ...outside };
}

export async function step(host: RotationHost, token: string, name: RotationStep): Promise<string> {
  return rotate(host, { SecretId: 'arn:secret', ClientRequestToken: token, Step: name });
}

/** A whole rotation as Secrets Manager drives it. */
export async function rotateWhole(host: RotationHost, secret: FakeSecret): Promise<string> {
  const token = randomUUID();
  secret.begin(token);
  for (const name of STEPS) await step(host, token, name);
  return token;
}
