import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { FakeSecret } from '../rotation/fake-secrets';
import { BundledFunction } from '../support/bundled-function';
import { type SecretsManagerServer, startSecretsManager } from '../support/secrets-manager-server';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:medical-codes/dev/redis-AbCdEf';
const PASSWORD = 'canary-password';

describe('the deployed cache monitor', () => {
  let bundle: BundledFunction;
  let primary: RedisServer;
  let replica: RedisServer;
  let secrets: SecretsManagerServer;
  let store: string;

  beforeAll(async () => {
    bundle = new BundledFunction('cache-monitor');
    primary = await startRedisServer({ password: PASSWORD });
    replica = await startRedisServer({
      password: PASSWORD,
      args: ['--replicaof', '127.0.0.1', String(primary.port), '--masterauth', PASSWORD],
    });
    const secret = new FakeSecret(`${primary.connectionString}?replica=127.0.0.1:${replica.port}`);
    secrets = await startSecretsManager(new Map([[ARN, secret]]));
    store = mkdtempSync(join(tmpdir(), 'medical-codes-store-'));
    const manifest = join(store, 'backups/redis/dev/2026-11-22T03:00:00.000Z/manifest.json');
    mkdirSync(dirname(manifest), { recursive: true });
    writeFileSync(manifest, '{}');
    const threeHoursAgo = new Date(Date.now() - 3 * 3_600_000);
    utimesSync(manifest, threeHoursAgo, threeHoursAgo);
  });
  afterAll(async () => {
    await replica.stop();
    await primary.stop();
    await secrets.stop();
    bundle.remove();
    rmSync(store, { recursive: true, force: true });
  });

  const look = (runs: number) =>
    bundle.invoke(
      {
        ...secrets.variables,
        MEDICAL_CODES_ENV: 'dev',
        REDIS_SECRET_ARN: ARN,
        CATALOG_STORE: `file:${store}`,
        BACKUP_PREFIX: 'backups/redis/dev/',
        PLAN_MEMORY_MB: '30',
        PLAN_CONNECTIONS: '30',
      },
      Array<unknown>(runs).fill({}),
    );

  it('emits every figure of the monitor in one blob, and nothing secret', async () => {
    let seen = await look(1);
    // The replica may still be copying when the first beat is sent.
    for (let tries = 0; tries < 5 && seen.blobs[0]?.ReplicationLagSeconds === undefined; tries += 1) {
      seen = await look(1);
    }
    expect(seen.blobs).toHaveLength(1);
    const [blob] = seen.blobs;
    expect(blob).toMatchObject({
      Environment: 'dev',
      ConnectionErrors: 0,
      EvictedKeys: 0,
      ConnectedClients: expect.any(Number) as number,
      ConnectionUsagePercent: expect.any(Number) as number,
      KeyCount: expect.any(Number) as number,
      MemoryUsagePercent: expect.any(Number) as number,
      UsedMemoryBytes: expect.any(Number) as number,
      ReplicationLagSeconds: expect.any(Number) as number,
      SlowQueries: expect.any(Number) as number,
    });
    expect(blob?.BackupAgeHours).toBeCloseTo(3, 1);
    const { CloudWatchMetrics } = blob?._aws as {
      CloudWatchMetrics: { Namespace: string; Dimensions: unknown }[];
    };
    expect(CloudWatchMetrics).toMatchObject([{ Namespace: 'MedicalCodes', Dimensions: [['Environment']] }]);
    expect(seen.results[0]?.result).toMatchObject({ ConnectionErrors: 0 });
    expect(seen.output).not.toContain(PASSWORD);
  });

  it('answers and emits with Redis gone, run after run', async () => {
    await replica.stop();
    await primary.stop();
    const { results, blobs, output } = await look(2);
    expect(results.map(({ thrown }) => thrown)).toEqual([undefined, undefined]);
    for (const blob of blobs) {
      expect(blob).toMatchObject({ ConnectionErrors: 1 });
      expect(blob.BackupAgeHours).toBeCloseTo(3, 1);
      expect(blob).not.toHaveProperty('UsedMemoryBytes');
    }
    expect(blobs).toHaveLength(2);
    expect(output).toContain('Redis cannot be reached');
    expect(output).not.toContain(PASSWORD);
  });
});
