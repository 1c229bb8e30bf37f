import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackup } from '../../lambda/backup/open-backup';
import { openStore } from '../../lambda/store/open-store';
import { verifyBackup } from '../../lambda/backup/verify-backup';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { FakeSecret } from '../rotation/fake-secrets';
import { BundledFunction } from '../support/bundled-function';
import { type SecretsManagerServer, startSecretsManager } from '../support/secrets-manager-server';
import { fillCodes, plainClient } from './filled-redis';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:medical-codes/dev/redis-AbCdEf';
const PASSWORD = 'canary-password';
const PREFIX = 'backups/redis/dev/';

describe('the deployed backup function', () => {
  let bundle: BundledFunction;
  let server: RedisServer;
  let secrets: SecretsManagerServer;
  let directory: string;

  beforeAll(async () => {
    bundle = new BundledFunction('backup');
    server = await startRedisServer({ password: PASSWORD });
    secrets = await startSecretsManager(new Map([[ARN, new FakeSecret(server.connectionString)]]));
    directory = mkdtempSync(join(tmpdir(), 'medical-codes-store-'));
  });
  afterAll(async () => {
    await server.stop();
    await secrets.stop();
    bundle.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  const variables = (): Record<string, string> => ({
    ...secrets.variables,
    MEDICAL_CODES_ENV: 'dev',
    REDIS_SECRET_ARN: ARN,
    CATALOG_STORE: `file:${directory}`,
    BACKUP_PREFIX: PREFIX,
    BACKUP_RETENTION_DAYS: '7',
    PLAN_OPS_PER_SECOND: '0',
  });

  it('makes a sound backup and emits its figures, and nothing secret', async () => {
    const client = plainClient(server.connectionString);
    await fillCodes(client, 200);
    client.disconnect();
    const { results, blobs, output } = await bundle.invoke(variables(), [
      { 'detail-type': 'Scheduled Event' },
    ]);
    expect(results).toEqual([{ result: { status: 'complete' } }]);
    expect(blobs).toHaveLength(1);
    expect(blobs[0]).toMatchObject({ Environment: 'dev', BackupSucceeded: 1, BackupKeys: 200 });
    expect(blobs[0]!.BackupBytes).toBeGreaterThan(0);
    expect(blobs[0]!.BackupDuration).toBeGreaterThanOrEqual(0);
    expect(output).not.toContain(PASSWORD);
    const store = openStore(`file:${directory}`);
    const backup = await openBackup(store, PREFIX);
    expect(await verifyBackup(store, backup)).toMatchObject({ keys: 200, problems: [] });
  });

  it('counts a failure and throws it on, so that Lambda counts it too', async () => {
    const file = join(directory, 'a-file');
    writeFileSync(file, '');
    const unwritable = { ...variables(), CATALOG_STORE: `file:${file}` };
    const { results, blobs } = await bundle.invoke(unwritable, [{}]);
    expect(results).toEqual([{ thrown: expect.stringMatching(/^file:.*: ENOTDIR$/) }]);
    expect(blobs).toEqual([expect.objectContaining({ BackupFailed: 1 })]);
  });

  it('refuses to start half-configured, naming the variable', async () => {
    const { BACKUP_PREFIX: _left, ...rest } = variables();
    await expect(bundle.invoke(rest, [{}])).rejects.toThrow(/BACKUP_PREFIX/);
  });
});
