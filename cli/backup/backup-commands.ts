import type { Command } from 'commander';
import type { BackupManifest } from '../../lambda/backup/backup-manifest';
import type { ListedRun } from '../../lambda/backup/listed-runs';
import type { VerifyReport } from '../../lambda/backup/verify-backup';
import { type BackupTarget, backupTarget } from './backup-target';
import { systemClock } from '../../lambda/names/clock';
import { openBulkRedis } from './bulk-redis';
import { rolledUpText, rollUpFirst } from './roll-up-first';
import type { CliContext, SharedOptions } from '../context';
import { EXIT } from '../terminal/failure';
import { action, addCommand, wholeNumber } from '../program';
import { startProgress } from '../terminal/progress';
import { repeated } from '../terminal/repeated';
import { formatBytes, table } from '../terminal/table';

interface PrefixOption extends SharedOptions {
  prefix?: string;
}

interface RunOptions extends PrefixOption {
  opsPerSecond?: number;
  match?: string[];
}

const PREFIX_OPTION = ['--prefix <prefix>', "prefix in the store (default: the environment's)"] as const;

/** Adds `backup run | list | verify`. */
export function registerBackup(program: Command): void {
  const group = program.command('backup').description('Back Redis up to the store, and check what is there');
  addCommand(group, 'run', 'write every key with its expiry to the store; the manifest comes last')
    .option(...PREFIX_OPTION)
    .option(
      '--ops-per-second <n>',
      "keep to so many operations a second, 0 for no limit (default: a quarter of the plan's)",
      wholeNumber('--ops-per-second', 0, 10_000_000),
    )
    .option('--match <glob>', 'only keys that match this Redis glob, or one of several', repeated)
    .action(action<RunOptions>(runCommand));
  addCommand(group, 'list', 'list the runs below the prefix, oldest first')
    .option(...PREFIX_OPTION)
    .action(action<PrefixOption>(listCommand));
  addCommand(group, 'verify [run]', 're-read a backup (default: the newest) and check every checksum')
    .option(...PREFIX_OPTION)
    .action(action<PrefixOption>(verifyCommand));
}

async function rateOf(target: BackupTarget, wanted: number | undefined): Promise<number> {
  const { backupRate } = await import('../../lambda/backup/backup-rate');
  if (wanted !== undefined) return wanted;
  return target.environment === 'local' ? 0 : backupRate(target.planOpsPerSecond);
}

async function runCommand(context: CliContext, options: RunOptions): Promise<void> {
  const { runBackup } = await import('../../lambda/backup/backup-run');
  const target = await backupTarget(context, options.prefix);
  const store = await context.openStore();
  const location = context.redis();
  const redis = await openBulkRedis(location, 'Redis', context.output, { noTouch: true });
  const progress = startProgress('backup', 'keys', 0);
  try {
    const rolledUp = await rollUpFirst(context.output, location, store.url);
    const outcome = await runBackup(
      { redis, store, clock: systemClock, onProgress: (keys, total) => progress.update(keys, total) },
      {
        environment: target.environment,
        prefix: target.prefix,
        opsPerSecond: await rateOf(target, options.opsPerSecond),
        retentionDays: target.retentionDays,
        match: options.match ?? [],
      },
    );
    // Nobody ends this process, so the run cannot have stopped at a checkpoint.
    if (outcome.status !== 'complete') throw new Error('The backup did not finish.');
    progress.stop();
    const { key, manifest } = outcome;
    context.output.result({ key, rolledUp, ...manifest }, () =>
      [...rolledUpText(rolledUp), summary(store.url, key, manifest)].join('\n'),
    );
  } finally {
    progress.stop();
    redis.close();
  }
}

function summary(url: string, key: string, manifest: BackupManifest): string {
  const bytes = manifest.parts.reduce((sum, part) => sum + part.bytes, 0);
  const seconds = (Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt)) / 1_000;
  return [
    `Backed up ${manifest.keys.toLocaleString('en')} keys in ${seconds.toFixed(1)} s: ${formatBytes(bytes)} in ${manifest.parts.length} part(s).`,
    `Left out: ${manifest.leases} keys of the moment (leases and the like); ${manifest.gone} keys were gone before they were read.`,
    `${url} ${key}`,
  ].join('\n');
}

async function listCommand(context: CliContext, options: PrefixOption): Promise<void> {
  const { listRuns } = await import('../../lambda/backup/listed-runs');
  const { prefix } = await backupTarget(context, options.prefix);
  const store = await context.openStore();
  const runs = await listRuns(store, prefix);
  context.output.result({ store: store.url, prefix, backups: runs }, () => {
    if (runs.length === 0) return `No backup below ${prefix} in ${store.url}.`;
    const rows = runs.map((run) => [run.run, stateText(run), String(run.objects), formatBytes(run.bytes)]);
    return table(['run', 'state', 'objects', 'size'], rows, [2, 3]);
  });
}

function stateText({ complete, archive }: ListedRun): string {
  if (!complete) return 'no manifest';
  if (archive === undefined) return 'complete';
  return archive === 'archived' ? 'archived' : 'on its way out of the archive';
}

async function verifyCommand(
  context: CliContext,
  options: PrefixOption,
  [run]: readonly string[],
): Promise<void> {
  const [{ openBackup }, { verifyBackup }] = await Promise.all([
    import('../../lambda/backup/open-backup'),
    import('../../lambda/backup/verify-backup'),
  ]);
  const { prefix } = await backupTarget(context, options.prefix);
  const store = await context.openStore();
  const backup = await openBackup(store, prefix, run);
  const progress = startProgress('verify', 'keys', backup.manifest.keys);
  const report = await verifyBackup(store, backup, (keys) => progress.update(keys)).finally(() =>
    progress.stop(),
  );
  const sound = report.problems.length === 0;
  context.output.result({ ...report, sound }, () => verdict(report));
  if (!sound) process.exitCode = EXIT.failed;
}

function verdict(report: VerifyReport): string {
  const read = `${report.keys.toLocaleString('en')} keys, ${report.parts} part(s), ${formatBytes(report.bytes)}`;
  if (report.problems.length === 0) return `Backup ${report.run} is sound: ${read}.`;
  return [`Backup ${report.run}: ${read}.`, ...report.problems.map((problem) => `  ${problem}`)].join('\n');
}
