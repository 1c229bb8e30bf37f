import type { Command } from 'commander';
import type { ComparisonReport } from '../../lambda/backup/compare-all';
import type { Backup } from '../../lambda/backup/open-backup';
import type { ObjectStore } from '../../lambda/store/object-store';
import type { BulkSession } from '../../lambda/redis/bulk-session';
import type { Pace } from '../../lambda/snapshot/pace';
import { backupTarget } from './backup-target';
import { systemClock } from '../../lambda/names/clock';
import { openBulkRedis } from './bulk-redis';
import { sayingTimeLeft } from './expected-time';
import { confirm } from '../terminal/confirm';
import type { CliContext, SharedOptions } from '../context';
import { EXIT } from '../terminal/failure';
import { action, addCommand, wholeNumber } from '../program';
import { startProgress } from '../terminal/progress';
import { formatBytes } from '../terminal/table';
import { repeated } from '../terminal/repeated';
import { restoreText, succeeded } from './restore-text';

interface RestoreOptions extends SharedOptions {
  prefix?: string;
  replace?: boolean;
  match?: string[];
  verify?: boolean;
  ttlTolerance?: number;
  opsPerSecond?: number;
  dryRun?: boolean;
  yes?: boolean;
}

/** Adds `restore`. */
export function registerRestore(program: Command): void {
  addCommand(program, 'restore [run]', 'write a backup (default: the newest) into Redis, with its expiries')
    .option('--prefix <prefix>', "prefix in the store (default: the environment's)")
    .option('--replace', 'overwrite keys that exist (default: leave them alone)')
    .option('--match <glob>', 'only keys that match this Redis glob, or one of several', repeated)
    .option('--verify', 'afterwards compare every key and expiry with the backup')
    .option(
      '--ttl-tolerance <seconds>',
      'seconds that expiries may differ for --verify (default: 1)',
      wholeNumber('--ttl-tolerance', 0, 86_400),
    )
    .option(
      '--ops-per-second <n>',
      "keep to so many operations a second, 0 for no limit (default: the plan's)",
      wholeNumber('--ops-per-second', 0, 10_000_000),
    )
    .option('--dry-run', 'read the backup and ask the server, but write nothing')
    .option('--yes', 'do not ask')
    .action(action<RestoreOptions>(restoreCommand));
}

async function restoreCommand(
  context: CliContext,
  options: RestoreOptions,
  [run]: readonly string[],
): Promise<void> {
  const [{ openBackup }, { createPace }, { assertRestorable }] = await Promise.all([
    import('../../lambda/backup/open-backup'),
    import('../../lambda/snapshot/pace'),
    import('../../lambda/backup/restorable'),
  ]);
  const { environment, prefix, planOpsPerSecond } = await backupTarget(context, options.prefix);
  const store = await context.openStore();
  const location = context.redis();
  const backup = await openBackup(store, prefix, run);
  const redis = await openBulkRedis(location, 'the target', context.output);
  try {
    await assertRestorable(redis, backup.manifest.redis.rdbVersion);
    if (options.dryRun !== true) {
      const deed = options.replace === true ? ', overwriting keys that exist' : '';
      await confirm(
        `This writes backup ${backup.run} (${backup.manifest.keys} keys) into the Redis of ${environment}${deed}.`,
        environment,
        options.yes === true,
      );
    }
    const pace = createPace(options.opsPerSecond ?? planOpsPerSecond, systemClock);
    await check(context, store, backup);
    await perform(context, options, { store, backup, redis, pace });
  } finally {
    redis.close();
  }
}

/** Before the first key is written: a backup that is damaged half-way would leave half of it. */
async function check({ output }: CliContext, store: ObjectStore, backup: Backup): Promise<void> {
  const { assertSound, storedBytes } = await import('../../lambda/backup/soundness');
  const total = storedBytes(backup);
  const progress = startProgress('check', 'bytes', total);
  const timeLeft = sayingTimeLeft(
    output,
    `checking ${formatBytes(total)} before the first key is written`,
    total,
  );
  await assertSound(store, backup, (bytes) => {
    progress.update(bytes);
    timeLeft.update(bytes);
  }).finally(() => progress.stop());
}

interface Work {
  readonly store: ObjectStore;
  readonly backup: Backup;
  readonly redis: BulkSession;
  readonly pace: Pace;
}

async function perform(context: CliContext, options: RestoreOptions, work: Work): Promise<void> {
  const [{ backupRecords }, { restoreAll }, { leaveOutOf, leaveOutUnsaid }] = await Promise.all([
    import('../../lambda/backup/backup-records'),
    import('../../lambda/backup/restore-all'),
    import('../../lambda/backup/release-rule'),
  ]);
  const { store, backup, redis, pace } = work;
  const { replace = false, match = [], dryRun = false } = options;
  const progress = startProgress('restore', 'keys', backup.manifest.keys);
  const restore = await restoreAll(
    redis,
    {
      records: () => backupRecords(store, backup, match),
      total: () => ({ keys: backup.manifest.keys, exact: match.length === 0 }),
    },
    {
      replace,
      dryRun,
      pace,
      newest: backup.manifest.redis.rdbVersion,
      leaveOut: await (dryRun ? leaveOutOf : leaveOutUnsaid)(redis, store),
      onProgress: (done) => progress.update(done),
    },
  ).finally(() => progress.stop());
  const wanted = options.verify === true && !dryRun && restore.stop === undefined;
  const comparison = wanted ? await compare(options, work) : undefined;
  context.output.result({ run: backup.run, dryRun, restore, comparison }, () =>
    restoreText(restore, comparison, dryRun),
  );
  if (!succeeded(restore, comparison)) process.exitCode = EXIT.failed;
}

async function compare(
  options: RestoreOptions,
  { store, backup, redis, pace }: Work,
): Promise<ComparisonReport> {
  const [{ backupRecords }, { compareAll, TTL_TOLERANCE_MS }, { leaveOutOf }] = await Promise.all([
    import('../../lambda/backup/backup-records'),
    import('../../lambda/backup/compare-all'),
    import('../../lambda/backup/release-rule'),
  ]);
  const progress = startProgress('verify', 'keys', backup.manifest.keys);
  const { ttlTolerance } = options;
  return compareAll(redis, () => backupRecords(store, backup, options.match), {
    pace,
    ttlToleranceMs: ttlTolerance === undefined ? TTL_TOLERANCE_MS : ttlTolerance * 1_000,
    leaveOut: await leaveOutOf(redis, store),
    onProgress: (done) => progress.update(done),
  }).finally(() => progress.stop());
}
