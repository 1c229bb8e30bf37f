import type { Command } from 'commander';
import type { CodeType } from '../../lambda/names/code-types';
import { systemClock } from '../../lambda/names/clock';
import { tlsRequired } from '../../lib/config/redis-endpoint';
import type { CliContext, SharedOptions } from '../context';
import { environmentFigures } from '../environment-figures';
import { action, addCommand, wholeNumber } from '../program';
import { startProgress } from '../terminal/progress';
import { redisSource } from '../redis-source';

interface ReportOptions extends SharedOptions {
  samples?: number;
  opsPerSecond?: number;
  replicated?: boolean;
  prices?: string;
}

const DEFAULT_SAMPLES = 100;

/** Adds `report`. */
export function registerReport(program: Command): void {
  addCommand(
    program,
    'report',
    'what fills Redis, how well it is used, the smallest plan that fits and its price',
  )
    .option(
      '--samples <n>',
      `keys weighed of each family (default: ${DEFAULT_SAMPLES})`,
      wholeNumber('--samples', 1, 100_000),
    )
    .option(
      '--ops-per-second <n>',
      "keep to so many operations a second, 0 for no limit (default: a quarter of the plan's)",
      wholeNumber('--ops-per-second', 0, 10_000_000),
    )
    .option('--replicated', 'look for a plan with a replica, which holds every byte twice')
    .option('--prices <file>', 'JSON list of plans and prices instead of the assumed ones')
    .action(action<ReportOptions>(reportCommand));
}

async function reportCommand(context: CliContext, options: ReportOptions): Promise<void> {
  const [plans, { reportOf }, { render }, { plan }] = await Promise.all([
    import('./plans'),
    import('./report'),
    import('./report-text'),
    environmentFigures(context),
  ]);
  const prices = options.prices === undefined ? plans.ASSUMED_PRICES : plans.readPrices(options.prices);
  const { info, measurement } = await measured(context, options, plan.opsPerSecond);
  const report = reportOf({
    now: new Date(),
    environment: context.environment,
    planMemoryMb: plan.memoryMb,
    info,
    measurement,
    prices,
    tls: tlsRequired(context.environment),
    replicated: options.replicated === true,
    codes: await liveCodes(context),
  });
  context.output.result(report, () => render(report));
}

async function measured(context: CliContext, options: ReportOptions, planOpsPerSecond: number) {
  const [{ openOperatorRedis }, { measureFamilies }, { readInfo }, { createPace }, { backupRate }] =
    await Promise.all([
      import('../operator-redis'),
      import('./measure'),
      import('../doctor/server-checks'),
      import('../../lambda/snapshot/pace'),
      import('../../lambda/backup/backup-rate'),
    ]);
  const redis = await openOperatorRedis(await (await redisSource(context.redis())).current());
  try {
    // Before the scan, which itself counts as commands.
    const info = await readInfo(redis);
    const progress = startProgress('report', 'keys', info.keyCount ?? 0);
    const measurement = await measureFamilies({
      redis,
      pace: createPace(options.opsPerSecond ?? backupRate(planOpsPerSecond), systemClock),
      samples: options.samples ?? DEFAULT_SAMPLES,
      onKeys: (keys) => progress.update(keys),
    }).finally(() => progress.stop());
    return { info, measurement };
  } finally {
    redis.close();
  }
}

/** How many codes the live release has of each system; undefined, with a remark, where no catalog can be read. */
async function liveCodes(context: CliContext): Promise<Partial<Record<CodeType, number>> | undefined> {
  const { CatalogReader } = await import('../../lambda/catalog/read/catalog-reader');
  try {
    const reader = new CatalogReader(await context.openStore());
    const { counts } = await reader.manifest((await reader.pointer()).release);
    return Object.fromEntries(Object.entries(counts).map(([type, { total }]) => [type, total]));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.output.warn(`no projection for all codes: ${reason}`);
    return undefined;
  }
}
