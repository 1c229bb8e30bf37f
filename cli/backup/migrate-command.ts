import type { Command } from 'commander';
import { ENVIRONMENTS, redisSecretName } from '../../lambda/names/environments';
import type { BulkSession } from '../../lambda/redis/bulk-session';
import type { Pace } from '../../lambda/snapshot/pace';
import { systemClock } from '../../lambda/names/clock';
import { openBulkRedis } from './bulk-redis';
import { confirm } from '../terminal/confirm';
import { CliContext, type RedisLocation, type SharedOptions } from '../context';
import { EXIT, UsageError } from '../terminal/failure';
import { environmentFigures } from '../environment-figures';
import type { Output } from '../terminal/output';
import { action, addCommand, wholeNumber } from '../program';
import { startProgress } from '../terminal/progress';
import { repeated } from '../terminal/repeated';
import { restoreText, succeeded } from './restore-report';

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

/** One end of a migration. */
interface Place {
  readonly name: string;
  readonly location: RedisLocation;
  /** Operations per second of the plan; undefined where none is known. */
  readonly planOpsPerSecond: number | undefined;
}

async function place(option: string, value: string, output: Output): Promise<Place> {
  const environment = ENVIRONMENTS.find((name) => name === value);
  if (environment !== undefined) {
    const { plan } = await environmentFigures(new CliContext({ env: environment }, output));
    const location: RedisLocation = { kind: 'secret', secretId: redisSecretName(environment) };
    return {
      name: value,
      location,
      planOpsPerSecond: plan.opsPerSecond,
    };
  }
  const variable = /^env:(?<name>[A-Za-z_][A-Za-z0-9_]*)$/.exec(value)?.groups?.name;
  if (variable === undefined) {
    // The value is not repeated: somebody may have pasted a connection string here.
    throw new UsageError(
      `${option} takes dev, staging, prod or env:NAME, where NAME is a variable that holds a connection string; a connection string itself never goes on a command line.`,
    );
  }
  const connectionString = process.env[variable];
  if (connectionString === undefined || connectionString === '') {
    throw new UsageError(`${option}: the variable ${variable} is not set; put the connection string in it.`);
  }
  return { name: value, location: { kind: 'value', connectionString }, planOpsPerSecond: undefined };
}

async function migrateCommand(context: CliContext, options: MigrateOptions): Promise<void> {
  const { output } = context;
  if (options.from === options.to) throw new UsageError('--from and --to name the same place.');
  const [from, to] = [await place('--from', options.from, output), await place('--to', options.to, output)];
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

interface Ends {
  readonly from: Place;
  readonly to: Place;
  readonly source: BulkSession;
  readonly target: BulkSession;
}

async function migrateBetween(context: CliContext, options: MigrateOptions, ends: Ends): Promise<void> {
  const [{ dumpVersion, keyCount, liveRecords }, { assertRestorable }, { restoreAll }] = await Promise.all([
    import('../../lambda/backup/live-records'),
    import('../../lambda/backup/restorable'),
    import('../../lambda/backup/restore-all'),
  ]);
  const { source, target, from, to } = ends;
  if (source.serverId !== undefined && source.serverId === target.serverId) {
    throw new UsageError('--from and --to reach the same Redis server.');
  }
  const newest = await dumpVersion(source);
  await assertRestorable(target, newest);
  const total = await keyCount(source);
  const { replace = false, match = [], dryRun = false } = options;
  if (!dryRun) {
    const deed = replace ? ', overwriting keys that exist' : '';
    await confirm(
      `This copies ${total} keys of ${from.name} into ${to.name}${deed}.`,
      to.name,
      options.yes === true,
    );
  }
  const paces = await pacesOf(options, ends);
  const counts = { leases: 0, gone: 0 };
  const progress = startProgress('migrate', 'keys', total);
  const restore = await restoreAll(target, liveRecords(source, paces.source, match, counts), newest, {
    replace,
    dryRun,
    pace: paces.target,
    onProgress: (done) => progress.update(done),
  }).finally(() => progress.stop());
  const comparison =
    dryRun || restore.stop !== undefined ? undefined : await compare(options, ends, paces, total);
  context.output.result({ from: from.name, to: to.name, dryRun, ...counts, restore, comparison }, () =>
    restoreText(restore, comparison, dryRun),
  );
  if (!succeeded(restore, comparison)) process.exitCode = EXIT.failed;
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

async function compare(options: MigrateOptions, { source, target }: Ends, paces: Paces, total: number) {
  const [{ liveRecords }, { compareAll, TTL_TOLERANCE_MS }] = await Promise.all([
    import('../../lambda/backup/live-records'),
    import('../../lambda/backup/compare-all'),
  ]);
  const { ttlTolerance, match = [] } = options;
  const progress = startProgress('compare', 'keys', total);
  return compareAll(target, liveRecords(source, paces.source, match), {
    pace: paces.target,
    ttlToleranceMs: ttlTolerance === undefined ? TTL_TOLERANCE_MS : ttlTolerance * 1_000,
    onProgress: (done) => progress.update(done),
  }).finally(() => progress.stop());
}
