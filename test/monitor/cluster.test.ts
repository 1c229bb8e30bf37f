import { Cluster, Redis } from 'ioredis';
import { examine } from '../../cli/doctor/examine';
import { openOperatorRedis } from '../../cli/operator-redis';
import { measureFamilies } from '../../cli/report/measure';
import { combineInfo, parseInfo } from '../../lambda/redis/info';
import { monitoredRedis } from '../../lambda/monitor/monitored-redis';
import { RedisConnection } from '../../lambda/redis/connection';
import { createPace } from '../../lambda/snapshot/pace';
import { constantSource } from '../../lambda/redis/source';
import { aclStrategy } from '../../lambda/rotation/acl';
import { credentialsOf } from '../../lambda/rotation/credentials';
import { redisLogin } from '../../lambda/rotation/redis-login';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster';

const KEYS = 600;

describe('a cluster', () => {
  let cluster: RedisCluster;

  beforeAll(async () => {
    cluster = await startRedisCluster();
    const client = new Cluster([{ host: '127.0.0.1', port: cluster.servers[0]!.port }]);
    for (let code = 0; code < KEYS; code += 1) await client.set(`icd10:A${code}`, 'record');
    await client.quit();
  });
  afterAll(() => cluster.stop());

  it('is watched as the sum of its shards', async () => {
    const connection = new RedisConnection(constantSource(cluster.connectionString), {
      timeouts: PATIENT_TIMEOUTS,
    });
    const infos = (await monitoredRedis(connection).info()).map(parseInfo);
    connection.close();
    expect(infos).toHaveLength(3);
    expect(combineInfo(infos)).toMatchObject({ keyCount: KEYS, evictedKeys: 0 });
  });

  it('is reported with the keys of every shard', async () => {
    const redis = await openOperatorRedis(cluster.connectionString);
    const clock = { now: Date.now, sleep: () => Promise.resolve() };
    const { families } = await measureFamilies({ redis, pace: createPace(0, clock), samples: 10 });
    redis.close();
    expect(families).toMatchObject([{ family: 'icd10', keys: KEYS, sampled: 30 }]);
  });

  it('is examined by the doctor', async () => {
    const results = await examine({
      environment: undefined,
      configurationProblem: undefined,
      plan: { memoryMb: 100, connections: 100, opsPerSecond: 0 },
      backup: { prefix: 'backups/', maxAgeHours: undefined },
      connectionString: () => Promise.resolve(cluster.connectionString),
      store: () => Promise.reject(new Error('none')),
      secretAge: undefined,
      now: () => new Date(),
      random: Math.random,
    });
    const found = Object.fromEntries(results.map(({ id, status }) => [id, status]));
    expect(found).toMatchObject({
      connection: 'pass',
      settings: 'pass',
      memory: 'pass',
      connections: 'pass',
    });
  });

  it('rotates the user on every node', async () => {
    const admins = cluster.servers.map(({ port }) => new Redis(port, '127.0.0.1'));
    for (const admin of admins) {
      await admin.call('ACL', 'SETUSER', 'codes', 'on', '~*', '+@all', '>first-password');
    }
    const login = redisLogin({ sleep: () => Promise.resolve(), forgetful: () => undefined });
    const strategy = aclStrategy(login);
    const first = cluster.connectionString.replace('redis://', 'redis://codes:first-password@');
    const next = strategy.propose(first);
    // As if an earlier try had been cut off after the first node.
    await admins[0]!.call('ACL', 'SETUSER', 'codes', `>${credentialsOf(next).password}`);
    expect(await login.logsIn(next)).toBe(false);
    await strategy.apply(next, first);
    expect(await login.logsIn(next)).toBe(true);
    await strategy.retire(next);
    for (const { port } of cluster.servers) {
      const at = (value: string) => value.replace(/@.*$/, `@127.0.0.1:${port}`);
      expect(await login.logsIn(`${at(next)}?cluster=true`)).toBe(true);
      expect(await login.logsIn(`${at(first)}?cluster=true`)).toBe(false);
    }
    await Promise.all(admins.map((admin) => admin.quit()));
  });
});
