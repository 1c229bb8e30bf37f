/**
 * A backup or a restore as a process of its own, for tests that kill it or measure its memory:
 * `backup-child.ts backup|restore <connection string> <store URL> <operations per second>`. Prints its peak memory.
 */
import { systemClock } from '../../lambda/names/clock';
import { openBackup } from '../../lambda/backup/open-backup';
import { openStore } from '../../lambda/store/open-store';
import { backupRecords } from '../../lambda/backup/backup-records';
import { restoreAll } from '../../lambda/backup/restore-all';
import { runBackup } from '../../lambda/backup/backup-run';
import { createPace } from '../../lambda/snapshot/pace';
import { peakMemory } from '../support/peak-memory';
import { bulkTo } from './filled-redis';

const PREFIX = 'backups/redis/dev/';

async function main(): Promise<void> {
  const [deed, connectionString = '', url = '', rate = '0'] = process.argv.slice(2);
  const redis = bulkTo(connectionString);
  const store = openStore(url);
  const opsPerSecond = Number(rate);
  if (deed === 'backup') {
    const settings = {
      environment: 'dev',
      prefix: PREFIX,
      opsPerSecond,
      retentionDays: 0,
      partBytes: 1_000_000,
    };
    await runBackup({ redis, store, clock: systemClock }, settings);
  } else {
    const backup = await openBackup(store, PREFIX);
    const { keys, redis: dumped } = backup.manifest;
    await restoreAll(
      redis,
      { records: () => backupRecords(store, backup), total: () => ({ keys, exact: true }) },
      { replace: true, pace: createPace(opsPerSecond, systemClock), newest: dumped.rdbVersion },
    );
  }
  redis.close();
  console.log(JSON.stringify({ peakMb: peakMemory() / 1_048_576 }));
}

void main();
