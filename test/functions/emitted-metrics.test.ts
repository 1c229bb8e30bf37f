import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionName } from '../../lambda/names/functions';
import { ENVIRONMENTS } from '../../lambda/names/environments';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { observedMetrics } from '../lib/observability/observed-metrics';
import { template } from '../lib/synthesis';
import { TcpProxy } from '../support/tcp-proxy';
import { FakeSecret } from '../rotation/fake-secrets';
import { AS_DEPLOYED, BundledFunction } from '../support/bundled-function';
import { type SecretsManagerServer, startSecretsManager } from '../support/secrets-manager-server';
import { SmallCatalog } from '../support/small-catalog';

const REQUEST = {
  version: '2.0',
  rawPath: '/v1/icd10/Z00.00',
  rawQueryString: '',
  headers: {},
  requestContext: {
    http: { method: 'GET', path: '/v1/icd10/Z00.00' },
    requestId: 'one',
    stage: '$default',
    domainName: 'example.invalid',
    authorizer: { iam: { accountId: '1' } },
  },
  isBase64Encoded: false,
};

/** Names of the metrics in what functions really print, as bundled and run, in fair weather and in foul. */
describe('what alarms and the dashboard watch', () => {
  const emitted = new Set<string>();
  const secretIds = { fair: 'secret:fair', silent: 'secret:silent' };
  let primary: RedisServer;
  let replica: RedisServer;
  let silent: TcpProxy;
  let secrets: SecretsManagerServer;
  let catalog: SmallCatalog;
  let empty: string;

  beforeAll(async () => {
    primary = await startRedisServer();
    replica = await startRedisServer({ args: ['--replicaof', '127.0.0.1', String(primary.port)] });
    silent = await TcpProxy.to(primary.port);
    silent.accept('nothing');
    secrets = await startSecretsManager(
      new Map([
        [secretIds.fair, new FakeSecret(`${primary.connectionString}?replica=127.0.0.1:${replica.port}`)],
        [secretIds.silent, new FakeSecret(silent.connectionString)],
      ]),
    );
    catalog = await SmallCatalog.of();
    empty = mkdtempSync(join(tmpdir(), 'medical-codes-empty-'));
  }, 60_000);
  afterAll(async () => {
    await silent.close();
    await replica.stop();
    await primary.stop();
    await secrets.stop();
    catalog.remove();
    rmSync(empty, { recursive: true, force: true });
  });

  async function run(
    name: FunctionName,
    weather: keyof typeof secretIds,
    store: string,
    events: readonly unknown[],
  ): Promise<void> {
    const bundle = new BundledFunction(name);
    try {
      const { blobs } = await bundle.invoke(
        {
          ...secrets.variables,
          MEDICAL_CODES_ENV: 'prod',
          REDIS_SECRET_ARN: secretIds[weather],
          CATALOG_STORE: store,
          AUTH_MODE: 'iam',
          TEAM_CLAIM: 'teamId',
          BACKUP_PREFIX: 'backups/redis/hourly/',
          BACKUP_RETENTION_DAYS: '30',
          PLAN_MEMORY_MB: '500',
          PLAN_CONNECTIONS: '1024',
          PLAN_OPS_PER_SECOND: '0',
        },
        events,
        weather === 'silent' ? AS_DEPLOYED : undefined,
      );
      for (const { _aws } of blobs) {
        const { CloudWatchMetrics } = _aws as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
        for (const { Metrics } of CloudWatchMetrics) for (const { Name } of Metrics) emitted.add(Name);
      }
    } finally {
      bundle.remove();
    }
  }

  it('is emitted by some function’s real output, every metric of it', async () => {
    await run('lookup', 'fair', catalog.url, [REQUEST, REQUEST]);
    // Redis takes the connection and never answers, and the store holds no release.
    await run('lookup', 'silent', `file:${empty}`, [REQUEST]);
    await run('backup', 'fair', catalog.url, [{}]);
    await run('backup', 'fair', 'file:/dev/null', [{}]);
    // A replica may still be copying at the monitor's first look.
    await run('cache-monitor', 'fair', catalog.url, [{}, {}, {}]);
    const watched = ENVIRONMENTS.flatMap((name) =>
      observedMetrics(template(name, 'Observability', { REDIS_CONNECTION_STRING: 'rediss://h:6379' })),
    );
    expect(watched.length).toBeGreaterThan(15);
    expect([...new Set(watched)].filter((name) => !emitted.has(name))).toEqual([]);
  }, 120_000);
});
