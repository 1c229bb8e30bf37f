import { systemClock } from '../../lambda/names/clock';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { type Backup, openBackup } from '../../lambda/backup/open-backup';
import type { BackupManifest } from '../../lambda/backup/backup-manifest';
import { openStore } from '../../lambda/store/open-store';
import { backupRecords } from '../../lambda/backup/backup-records';
import { restoreAll, type RestoreSettings } from '../../lambda/backup/restore-all';
import type { RestoreReport } from '../../lambda/backup/restore-report';
import { runBackup } from '../../lambda/backup/backup-run';
import type { BackupSettings } from '../../lambda/backup/begin-run';
import type { ObjectStore } from '../../lambda/store/object-store';
import type { BulkRedis, BulkSession } from '../../lambda/redis/bulk-session';
import { createPace } from '../../lambda/snapshot/pace';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { bulkTo, plainClient } from './filled-redis';

export const PREFIX = 'backups/redis/dev/';
export const SETTINGS: BackupSettings = {
  environment: 'dev',
  prefix: PREFIX,
  opsPerSecond: 0,
  retentionDays: 7,
};
export const unpaced = createPace(0, systemClock);

/** Two servers and a store, for suites that back up one and restore into the other. */
export class TwoServers {
  private constructor(
    readonly source: RedisServer,
    readonly target: RedisServer,
    readonly from: Redis,
    readonly to: Redis,
    readonly reader: BulkSession,
    readonly writer: BulkSession,
  ) {}

  directory = '';
  store: ObjectStore = openStore('file:/nonexistent');

  static async start(): Promise<TwoServers> {
    const [source, target] = await Promise.all([startRedisServer(), startRedisServer()]);
    return new TwoServers(
      source,
      target,
      plainClient(source.connectionString),
      plainClient(target.connectionString),
      bulkTo(source.connectionString, { noTouch: true }),
      bulkTo(target.connectionString),
    );
  }

  /** Empty servers and an empty store. */
  async reset(): Promise<void> {
    this.clean();
    await Promise.all([this.from.flushall(), this.to.flushall()]);
    this.directory = mkdtempSync(join(tmpdir(), 'medical-codes-backup-'));
    this.store = openStore(`file:${this.directory}`);
  }

  clean(): void {
    if (this.directory !== '') rmSync(this.directory, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    this.clean();
    this.reader.close();
    this.writer.close();
    this.from.disconnect();
    this.to.disconnect();
    await Promise.all([this.source.stop(), this.target.stop()]);
  }

  async backUp(settings: Partial<BackupSettings> = {}): Promise<Backup> {
    await runBackup(
      { redis: this.reader, store: this.store, clock: systemClock },
      { ...SETTINGS, ...settings },
    );
    return openBackup(this.store, PREFIX);
  }

  restore(
    backup: Backup,
    settings: Partial<RestoreSettings> = {},
    redis: BulkRedis = this.writer,
  ): Promise<RestoreReport> {
    const { keys, redis: dumped } = backup.manifest;
    return restoreAll(
      redis,
      { records: () => backupRecords(this.store, backup), total: () => ({ keys, exact: true }) },
      { replace: false, pace: unpaced, newest: dumped.rdbVersion, ...settings },
    );
  }
}

/** Another backup's manifest, for what a test forges. */
export function withManifest(backup: Backup, change: Partial<BackupManifest>): Backup {
  return { ...backup, manifest: { ...backup.manifest, ...change } };
}
