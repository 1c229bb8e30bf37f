import type { Command } from 'commander';
import type { CliContext, SharedOptions } from './context';
import { environmentFigures } from './environment-figures';
import { StepFailed } from './terminal/failure';
import { action, addCommand } from './program';
import { startProgress } from './terminal/progress';
import { redisSource } from './redis-source';
import { table } from './terminal/table';

interface WarmCommandOptions extends SharedOptions {
  all?: boolean;
}

/** Adds `warm`. */
export function registerWarm(program: Command): void {
  addCommand(
    program,
    'warm',
    'load what teams use into the cache: their lists, then their codes, most used first',
  )
    .option('--all', 'then every other code, category and crosswalk of the live release')
    .action(action<WarmCommandOptions>(warmCommand));
}

async function warmCommand(context: CliContext, options: WarmCommandOptions): Promise<void> {
  const redis = await redisSource(context.redis());
  const [{ runWarm }, { plan }, store] = await Promise.all([
    import('../lambda/warm/warm-run'),
    environmentFigures(context),
    context.openStore(),
  ]);
  const progress = startProgress('warming', 'keys', 0);
  const run = await runWarm({
    store,
    redis,
    everything: options.all === true,
    planMemoryMb: plan.memoryMb,
    planOpsPerSecond: plan.opsPerSecond,
    onProgress: (keys, total) => progress.update(keys, total),
  }).finally(() => progress.stop());
  context.output.result(run, () => {
    const rows = run.families.map(({ family, loaded, present, absent }) => [
      family,
      ...[loaded, present, absent].map((each) => each.toLocaleString('en')),
    ]);
    const memory =
      run.memoryUsed === undefined ? '' : ` Memory: ${(run.memoryUsed * 100).toFixed(0)} % of the plan.`;
    const summary = `Release ${run.release}: ${run.loaded.toLocaleString('en')} keys loaded.${memory}`;
    return [
      table(['family', 'loaded', 'in cache already', 'not in release'], rows, [1, 2, 3]),
      '',
      summary,
    ].join('\n');
  });
  if (run.stopped === 'memory') {
    context.output.warn(
      "stopped early: 90 % of the plan's memory is in use; take a larger plan to hold more.",
    );
  }
  if (run.stopped === 'redis') {
    throw new StepFailed('Redis stopped taking part; see `codes doctor`, then run this again.');
  }
}
