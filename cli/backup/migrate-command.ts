import type { Command } from 'commander';
import { systemClock } from '../../lambda/names/clock';
import type { Pace } from '../../lambda/snapshot/pace';
import { openBulkRedis } from './bulk-redis';
import { secondsOf, spokenTime } from './expected-time';
import { type Ends, placeOf, refuseSameDatabase, storeOf } from './migration-ends';
import { restoreText, succeeded } from './restore-text';
import { type RolledUp, rolledUpText, rollUpFirst } from './roll-up-first';
import { confirm } from '../terminal/confirm';
import type { CliContext, SharedOptions } from '../context';
import { EXIT, UsageError } from '../terminal/failure';
import type { Output } from '../terminal/output';
import { action, addCommand, wholeNumber } from '../program';
import { startProgress } from '../terminal/progress';
import { repeated } from '../terminal/repeated';

interface MigrateOptions extends SharedOptions {
  from: string;
  to: string;
  replace?: boolean;
  match?: string[];
  ttlTolerance?: number;
  opsPerSecond?: number;
  dryRun?: boolean;
  yes?: boolean;
}

/** Adds `migrate`. */
export function registerMigrate(program: Command): void {
  addCommand(program, 'migrate', 'stream every key of one Redis into another, with its expiry, and compare')
    .requiredOption(
      '--from <place>',
      'dev, staging, prod, or env:NAME of a variable with a connection string',
    )
    .requiredOption('--to <place>', 'the same, for the Redis to write to')
    .option('--replace', 'overwrite keys that exist (default: leave them alone)')
    .option('--match <glob>', 'only keys that match this Redis glob, or one of several', repeated)
    .option(
      '--ttl-tolerance <seconds>',
      'seconds that expiries may differ in the comparison (default: 1)',
      wholeNumber('--ttl-tolerance', 0, 86_400),
    )
    .option(
      '--ops-per-second <n>',
      "keep to so many operations a second on either side, 0 for no limit (default: a quarter of the source's plan, the whole of the target's)",
      wholeNumber('--ops-per-second', 0, 10_000_000),
    )
    .option('--dry-run', 'read the source and ask the target, but write nothing')
    .option('--yes', 'do not ask')
    .action(action<MigrateOptions>(migrateCommand));
}

async function migrateCommand(context: CliContext, options: MigrateOptions): Promise<void> {
  const { output } = context;
  if (options.from === options.to) throw new UsageError('--from and --to name the same place.');
  const from = await placeOf('--from', options.from, output);
  const to = await placeOf('--to', options.to, output);
  const source = await openBulkRedis(from.location, 'the source', output, { noTouch: true });
  try {
    const target = await openBulkRedis(to.location, 'the target', output);
    try {
      await migrateBetween(context, options, { from, to, source, target });
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

async function migrateBetween(context: CliContext, options: MigrateOptions, ends: Ends): Promise<void> {
  const [
    { dumpVersion, keyCount, liveRecords },
    { assertRestorable },
    { restoreAll },
    { leaveOutOf, leaveOutUnsaid },
  ] = await Promise.all([
    import('../../lambda/backup/live-records'),
    import('../../lambda/backup/restorable'),
    import('../../lambda/backup/restore-all'),
    import('../../lambda/backup/release-rule'),
  ]);
  const { output } = context;
  const { source, target, from, to } = ends;
  refuseSameDatabase(ends);
  const newest = await dumpVersion(source);
  await assertRestorable(target, newest);
  const total = await keyCount(source);
  const paces = await pacesOf(options, ends);
  const { replace = false, match = [], dryRun = false } = options;
  output.note(timeNeeded(total, paces, dryRun));
  if (!dryRun) {
    const deed = replace ? ', overwriting keys that exist' : '';
    await confirm(
      `This copies ${total} keys of ${from.name} into ${to.name}${deed}.`,
      to.name,
      options.yes === true,
    );
  }
  const rolledUp = dryRun ? undefined : await rollUpSource(output, options, ends);
  const counts = { leases: 0, gone: 0 };
  const progress = startProgress('migrate', 'keys', total);
  const restore = await restoreAll(
    target,
    {
      records: () => {
        Object.assign(counts, { leases: 0, gone: 0 });
        return liveRecords(source, paces.source, match, counts);
      },
      total: () => ({ keys: total - counts.leases - counts.gone, exact: false }),
    },
    {
      replace,
      dryRun,
      newest,
      pace: paces.target,
      leaveOut: await (dryRun ? leaveOutOf : leaveOutUnsaid)(target, await storeOf(to)),
      onProgress: (done) => progress.update(done),
    },
  ).finally(() => progress.stop());
  const comparison =
    dryRun || restore.stop !== undefined ? undefined : await compare(options, ends, paces, total);
  context.output.result(
    { from: from.name, to: to.name, dryRun, rolledUp, ...counts, restore, comparison },
    () => [...rolledUpText(rolledUp), restoreText(restore, comparison, dryRun)].join('\n'),
  );
  if (!succeeded(restore, comparison)) process.exitCode = EXIT.failed;
}

/** Into the store that belongs to the source: its environment's, or the one that is named beside `env:NAME`. */
async function rollUpSource(
  output: Output,
  { store }: MigrateOptions,
  { from }: Ends,
): Promise<RolledUp | undefined> {
  const storeUrl = from.storeUrl ?? store;
  if (storeUrl !== undefined) return rollUpFirst(output, from.location, storeUrl);
  output.warn(
    'uses that wait for their roll-up stay in the source, for its store is not known; name it with --store to roll them up first',
  );
  return undefined;
}

interface Paces {
  readonly source: Pace;
  readonly target: Pace;
}

async function pacesOf({ opsPerSecond }: MigrateOptions, { from, to }: Ends): Promise<Paces> {
  const [{ createPace }, { backupRate }] = await Promise.all([
    import('../../lambda/snapshot/pace'),
    import('../../lambda/backup/backup-rate'),
  ]);
  const read = from.planOpsPerSecond === undefined ? 0 : backupRate(from.planOpsPerSecond);
  return {
    source: createPace(opsPerSecond ?? read, systemClock),
    target: createPace(opsPerSecond ?? to.planOpsPerSecond ?? 0, systemClock),
  };
}

/** Operations that a key costs where it is read (expiry, value) and where it is written. */
const READ_OPS = 2;
const WRITE_OPS = 1;

/** Said at once, to a terminal and to a pipe: at a small plan's pace a migration takes hours. */
function timeNeeded(keys: number, { source, target }: Paces, dryRun: boolean): string {
  const work = (pace: Pace, operations: number): { operations: number; opsPerSecond: number } => ({
    operations: operations * keys,
    opsPerSecond: pace.opsPerSecond,
  });
  const copying = secondsOf(work(source, READ_OPS), work(target, WRITE_OPS));
  const comparing = dryRun ? 0 : secondsOf(work(source, READ_OPS), work(target, READ_OPS));
  const what = `${keys.toLocaleString('en')} keys`;
  if (copying + comparing === 0) {
    return `${what}, as fast as both servers allow: no limit of operations is known (--ops-per-second sets one)`;
  }
  const rates = [`${rateText(source)} at the source`, `${rateText(target)} at the target`].join(', ');
  const deed = dryRun ? 'reading them' : 'copying and comparing them';
  return `${what}: ${deed} takes about ${spokenTime(copying + comparing)} (${rates}; --ops-per-second changes that)`;
}

function rateText({ opsPerSecond }: Pace): string {
  return opsPerSecond === 0 ? 'no limit' : `${opsPerSecond.toLocaleString('en')} operations a second`;
}

async function compare(options: MigrateOptions, { source, target, to }: Ends, paces: Paces, total: number) {
  const [{ liveRecords }, { compareAll, TTL_TOLERANCE_MS }, { leaveOutOf }] = await Promise.all([
    import('../../lambda/backup/live-records'),
    import('../../lambda/backup/compare-all'),
    import('../../lambda/backup/release-rule'),
  ]);
  const { ttlTolerance, match = [] } = options;
  const progress = startProgress('compare', 'keys', total);
  return compareAll(target, () => liveRecords(source, paces.source, match), {
    pace: paces.target,
    ttlToleranceMs: ttlTolerance === undefined ? TTL_TOLERANCE_MS : ttlTolerance * 1_000,
    leaveOut: await leaveOutOf(target, await storeOf(to)),
    onProgress: (done) => progress.update(done),
  }).finally(() => progress.stop());
}
