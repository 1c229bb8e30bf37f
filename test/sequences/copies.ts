import { backupRecords } from '../../lambda/backup/backup-records';
import { runBackup } from '../../lambda/backup/backup-run';
import { liveRecords } from '../../lambda/backup/live-records';
import { type Backup, openBackup } from '../../lambda/backup/open-backup';
import { type RecordSource, restoreAll } from '../../lambda/backup/restore-all';
import { systemClock } from '../../lambda/names/clock';
import { BulkSession } from '../../lambda/redis/bulk-session';
import { constantSource } from '../../lambda/redis/source';
import { createPace } from '../../lambda/snapshot/pace';
import type { ObjectStore } from '../../lambda/store/object-store';

const PREFIX = 'backups/sequences/';
const UNHURRIED = createPace(0, systemClock);

/** RDB version that any server of the tests takes from any other of them: all are one program. */
const ANY_VERSION = Number.MAX_SAFE_INTEGER;

async function inSession<T>(redis: string, work: (session: BulkSession) => Promise<T>): Promise<T> {
  const session = new BulkSession({ source: constantSource(redis), clock: systemClock, patienceMs: 20_000 });
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

/** Backs a Redis up, and opens the backup. */
export async function backUp(redis: string, store: ObjectStore): Promise<Backup> {
  return inSession(redis, async (session) => {
    await runBackup(
      { redis: session, store, clock: systemClock },
      { environment: 'test', prefix: PREFIX, opsPerSecond: 0, retentionDays: 0 },
    );
    return openBackup(store, PREFIX);
  });
}

/** Brings a backup back. @returns what became of its keys, for people */
export async function restore(
  store: ObjectStore,
  backup: Backup,
  redis: string,
  replace: boolean,
): Promise<string> {
  const { keys } = backup.manifest;
  return inSession(redis, (session) =>
    bringIn(
      session,
      { records: () => backupRecords(store, backup), total: () => ({ keys, exact: true }) },
      replace,
    ),
  );
}

/** Copies one Redis into another. @returns what became of its keys, for people */
export async function migrate(from: string, to: string, replace: boolean): Promise<string> {
  return inSession(from, (source) =>
    inSession(to, (target) =>
      bringIn(
        target,
        { records: () => liveRecords(source, UNHURRIED, []), total: () => ({ keys: 0, exact: false }) },
        replace,
      ),
    ),
  );
}

async function bringIn(target: BulkSession, source: RecordSource, replace: boolean): Promise<string> {
  const report = await restoreAll(target, source, { replace, pace: UNHURRIED, newest: ANY_VERSION });
  const leftOut = Object.values(report.leftOut).reduce((sum, count) => sum + count, 0);
  const stopped = report.stop === undefined ? '' : `; stopped: ${report.stop.message}`;
  return `${report.restored} keys brought in, ${leftOut} left out${stopped}`;
}
