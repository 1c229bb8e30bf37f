import type { CacheInvalidation, PublishHost } from '../../lambda/catalog/publish/publish-host';
import type { PublishPlan } from '../../lambda/catalog/publish/publish-plan';
import type { PublishReport } from '../../lambda/catalog/publish/publish-release';
import type { ObjectStore } from '../../lambda/store/object-store';
import { confirm } from '../terminal/confirm';
import type { CliContext, SharedOptions } from '../context';
import { environmentFigures } from '../environment-figures';
import { redisSource } from '../redis-source';
import { interruptible } from '../terminal/interrupt';
import { StepBars } from '../terminal/step-bars';

interface CacheOption extends SharedOptions {
  /** False for `--no-cache`. */
  cache: boolean;
  dryRun?: boolean;
}

export interface PublishOptions extends CacheOption {
  release: string;
}

export interface RollbackOptions extends CacheOption {
  to?: string;
  yes?: boolean;
}

export async function publishCommand(context: CliContext, options: PublishOptions): Promise<void> {
  await publish(context, options, await context.openStore(), options.release);
}

export async function rollbackCommand(context: CliContext, options: RollbackOptions): Promise<void> {
  const [{ rollbackTarget }, store] = await Promise.all([
    import('../../lambda/catalog/publish/rollback'),
    context.openStore(),
  ]);
  const { live, release } = await rollbackTarget(store, options.to);
  if (options.dryRun !== true) {
    await confirm(
      `This makes release ${release} live in ${store.url} instead of ${live}.`,
      release,
      options.yes === true,
    );
  }
  await publish(context, options, store, release);
}

async function publish(
  context: CliContext,
  options: CacheOption,
  store: ObjectStore,
  release: string,
): Promise<void> {
  const [{ planPublish }, { publishRelease }] = await Promise.all([
    import('../../lambda/catalog/publish/publish-plan'),
    import('../../lambda/catalog/publish/publish-release'),
  ]);
  const bars = new StepBars();
  const redis = options.cache ? await openCache(context) : undefined;
  const host: PublishHost = {
    now: () => new Date(),
    cache: redis?.cache,
    onProgress: ({ step, done, total }) => bars.show(LABELS[step], UNITS[step], done, total),
  };
  try {
    await interruptible('nothing was changed.', async (signal) => {
      if (options.dryRun === true) {
        const plan = await planPublish(store, release, { ...host, signal });
        bars.stop();
        for (const warning of plan.warnings) context.output.warn(warning);
        context.output.result(planReport(plan), () => planText(plan));
        return;
      }
      const report = await publishRelease(store, release, { ...host, signal });
      bars.stop();
      for (const warning of report.warnings) context.output.warn(warning);
      if (report.cache === undefined) context.output.warn(untold(options));
      context.output.result({ store: store.url, ...report }, () => reportText(store.url, report));
    });
  } finally {
    bars.stop();
    redis?.close();
  }
}

function planReport({
  release,
  previous,
  switches,
  objectsVerified,
  removal,
  warnings,
}: PublishPlan): object {
  const changedKeys = removal?.keys.length;
  return { dryRun: true, release, previous, switches, objectsVerified, changedKeys, warnings };
}

const LABELS = { verify: 'verify', compare: 'compare', remove: 'remove from cache' } as const;
const UNITS = { verify: 'objects', compare: 'shards', remove: 'keys' } as const;

/** The environment's cache, or that of `REDIS_CONNECTION_STRING`; undefined where none is named. */
async function openCache(
  context: CliContext,
): Promise<{ cache: CacheInvalidation; close: () => void } | undefined> {
  const location = context.redisIfConfigured();
  if (location === undefined) return undefined;
  const [
    { Invalidation },
    { RedisConnection },
    { OPERATOR_TIMEOUTS },
    { cacheId },
    { parseConnectionString },
    { plan },
    source,
  ] = await Promise.all([
    import('../../lambda/cache/invalidate'),
    import('../../lambda/redis/connection'),
    import('../../lambda/redis/options'),
    import('../../lambda/redis/cache-id'),
    import('../../lambda/redis/connection-string'),
    environmentFigures(context),
    redisSource(location),
  ]);
  const id = cacheId(parseConnectionString(await source.current()));
  const connection = new RedisConnection(source, { timeouts: OPERATOR_TIMEOUTS });
  return {
    cache: new Invalidation(connection, id, { opsPerSecond: plan.opsPerSecond }),
    close: () => connection.close(),
  };
}

function untold({ cache }: CacheOption): string {
  const why = cache ? 'no Redis is named (--env, or REDIS_CONNECTION_STRING)' : '--no-cache was given';
  return `no cache was told, because ${why}; what serves this store goes on with the former release for up to a minute, and then reads everything from the catalog once more.`;
}

function planText(
  plan: Pick<PublishPlan, 'release' | 'previous' | 'switches' | 'objectsVerified' | 'removal'>,
): string {
  const { release, previous, switches, objectsVerified, removal } = plan;
  const keys =
    removal === undefined
      ? 'no cache would be told'
      : `${removal.keys.length} keys would be removed from the cache`;
  const pointer = switches ? `would replace ${previous ?? 'nothing'}` : 'is live already';
  return `Release ${release} is intact (${objectsVerified} objects) and ${pointer}; ${keys}. Nothing was changed.`;
}

function reportText(
  url: string,
  { release, previous, switched, objectsVerified, cache }: PublishReport,
): string {
  const was = previous === undefined ? '' : `, ${switched ? 'instead of' : 'after'} ${previous}`;
  const lines = [
    `Release ${release} is ${switched ? 'live' : 'still live'} in ${url}${was}. Verified ${objectsVerified} objects.`,
  ];
  if (cache !== undefined) {
    lines.push(
      `Cache: ${cache.changedKeys} keys changed; ${cache.removedKeys} of them were there and are removed.`,
    );
  }
  return lines.join('\n');
}
