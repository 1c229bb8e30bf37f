import { Redis } from 'ioredis';
import { EvictionCounter } from '../../lambda/monitor/evictions';
import { type MonitorHost, type MonitoredRedis, observe } from '../../lambda/monitor/monitor';
import { monitoredRedis } from '../../lambda/monitor/monitored-redis';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { PATIENT_TIMEOUTS } from '../support/patience';

function host(redis: () => Promise<MonitoredRedis>, more: Partial<MonitorHost> = {}): MonitorHost {
  return {
    plan: { memoryMb: 30, connections: 30 },
    evictions: new EvictionCounter(),
    redis,
    backupAgeHours: () => Promise.resolve(2),
    // What is not slow by itself is not slow on a busy machine.
    elapsed: () => 0,
    ...more,
  };
}

describe('one look of the monitor', () => {
  let server: RedisServer;
  let client: Redis;
  let connection: RedisConnection;
  const redis = () => Promise.resolve(monitoredRedis(connection));

  beforeAll(async () => {
    server = await startRedisServer({ args: ['--maxmemory', '3mb'] });
    client = new Redis(server.connectionString);
    connection = new RedisConnection(constantSource(server.connectionString), {
      timeouts: PATIENT_TIMEOUTS,
    });
  });
  afterAll(async () => {
    connection.close();
    await client.quit();
    await server.stop();
  });

  it('gives every figure a lone server has', async () => {
    await client.set('icd10:Z00.00', 'x');
    const { metrics, warnings, errors } = await observe(host(redis));
    expect(metrics).toMatchObject({
      ConnectionErrors: 0,
      ConnectedClients: 2,
      ConnectionUsagePercent: 6.67,
      KeyCount: 1,
      EvictedKeys: 0,
      BackupAgeHours: 2,
    });
    expect(metrics.UsedMemoryBytes).toBeGreaterThan(500_000);
    expect(metrics.MemoryUsagePercent).toBeCloseTo((metrics.UsedMemoryBytes! / (3 * 1024 * 1024)) * 100, 1);
    expect(metrics).not.toHaveProperty('ReplicationLagSeconds');
    expect({ warnings, errors }).toEqual({ warnings: [], errors: [] });
  });

  it('counts the keys evicted between two runs', async () => {
    const evictions = new EvictionCounter();
    const look = () => observe(host(redis, { evictions }));
    await look();
    for (let i = 0; i < 300; i += 1) await client.set(`icd10:big${i}`, 'x'.repeat(20_000));
    const { metrics } = await look();
    expect(metrics.EvictedKeys).toBeGreaterThan(50);
    expect((await look()).metrics.EvictedKeys).toBe(0);
  });

  it('warns of settings that drifted, and only of those', async () => {
    await client.config('SET', 'timeout', '10');
    const { warnings } = await observe(host(redis));
    await client.config('SET', 'timeout', '300');
    expect(warnings).toEqual([
      {
        message: 'Redis differs from the recommended settings',
        details: { drifted: [{ setting: 'timeout', recommended: '300', actual: '10' }] },
      },
    ]);
  });

  it('goes on where INFO and CONFIG are forbidden', async () => {
    await client.call('ACL', 'SETUSER', 'poor', 'on', '>pw', '~*', '+ping');
    const poor = new RedisConnection(constantSource(`redis://poor:pw@127.0.0.1:${server.port}`), {
      timeouts: PATIENT_TIMEOUTS,
    });
    const { metrics, warnings } = await observe(host(() => Promise.resolve(monitoredRedis(poor))));
    poor.close();
    expect(metrics).toEqual({ ConnectionErrors: 0, SlowQueries: expect.any(Number), BackupAgeHours: 2 });
    expect(warnings.map(({ message }) => message)).toContain('Redis refuses INFO');
  });

  it('counts a PING slower than 100 ms as a slow query', async () => {
    let clock = 0;
    const elapsed = () => (clock += 101);
    const { metrics, warnings } = await observe(host(redis, { elapsed }));
    expect(metrics.SlowQueries).toBe(1);
    expect(warnings).toContainEqual({
      message: 'Redis answers slowly',
      details: { latencyMs: 101, limitMs: 100 },
    });
  });

  it('stays alive when Redis is down, says so, and still tells the backups’ age', async () => {
    const gone = await startRedisServer();
    const cut = new RedisConnection(constantSource(gone.connectionString), { timeouts: PATIENT_TIMEOUTS });
    await cut.run((it) => it.ping());
    await gone.stop();
    const { metrics, errors } = await observe(host(() => Promise.resolve(monitoredRedis(cut))));
    cut.close();
    expect(metrics).toEqual({ ConnectionErrors: 1, BackupAgeHours: 2 });
    expect(errors).toHaveLength(1);
  });

  it('stays alive when neither the secret nor the store can be read', async () => {
    const failing = () => Promise.reject(new Error('AccessDenied'));
    const { metrics, errors } = await observe(
      host(failing, { backupAgeHours: failing, replicaLag: failing }),
    );
    expect(metrics).toEqual({ ConnectionErrors: 1 });
    expect(errors.map(({ message }) => message)).toEqual([
      'Redis cannot be reached',
      'The backups cannot be listed',
    ]);
  });

  it('gives no age when there is no backup, so that the alarm sees data missing', async () => {
    const { metrics } = await observe(host(redis, { backupAgeHours: () => Promise.resolve(undefined) }));
    expect(metrics).not.toHaveProperty('BackupAgeHours');
  });
});
