import type { Command } from 'commander';
import type { CodeRecord } from '../../lambda/codes/record';
import type { Answer } from '../../lambda/cache/entry';
import type { Lookups } from '../../lambda/lookup/lookups';
import { CODE_TYPES, isCodeType } from '../../lambda/names/code-types';
import type { CliContext, SharedOptions } from '../context';
import { UsageError } from '../terminal/failure';
import { action, addCommand } from '../program';
import { describeRecord } from './record-card';
import { redisSource } from '../redis-source';

/** Adds `get`. */
export function registerGet(program: Command): void {
  addCommand(
    program,
    'get <type> <code>',
    'look a code up as the API does: through Redis where one is named, otherwise in the catalog',
  ).action(action<SharedOptions>(getCommand));
}

async function getCommand(
  context: CliContext,
  _options: SharedOptions,
  [type = '', input = '']: readonly string[],
): Promise<void> {
  if (!isCodeType(type)) {
    throw new UsageError(`<type> is one of ${CODE_TYPES.join(', ')}, not ${JSON.stringify(type)}.`);
  }
  const { parseCode } = await import('../../lambda/codes/parse');
  const code = parseCode(type, input);
  const found = await lookUp(context, (lookups) => lookups.record(type, code));
  const { value: record, outcome, release } = found;
  context.output.result({ record, outcome, release }, () => `${describeRecord(record)}\n\n${origin(found)}`);
}

function origin({ outcome, release }: Answer<CodeRecord>): string {
  const from = {
    memory: 'from memory',
    redis: 'from Redis',
    miss: 'from the catalog, and now in Redis',
    bypass: 'from the catalog, without Redis',
    stale: 'an expired value, because the catalog is out',
  } as const;
  return `release ${release}, ${from[outcome]}`;
}

/** Opens the very lookups that the API serves, for one question. */
async function lookUp<T>(context: CliContext, ask: (lookups: Lookups) => Promise<T>): Promise<T> {
  const [
    { openLookupService },
    { OPERATOR_TIMEOUTS },
    store,
    { LookupCounters },
    { noMetrics },
    { silentLog },
  ] = await Promise.all([
    import('../../lambda/lookup/open'),
    import('../../lambda/redis/options'),
    import('../../lambda/store/guarded-store'),
    import('../../lambda/telemetry/lookup'),
    import('../../lambda/telemetry/emit'),
    import('../../lambda/telemetry/logger'),
  ]);
  const location = context.redisIfConfigured();
  const telemetry = new LookupCounters(noMetrics);
  const service = openLookupService({
    store: await context.openStore(),
    redis: location === undefined ? undefined : await redisSource(location),
    telemetry,
    log: silentLog,
    timeouts: OPERATOR_TIMEOUTS,
    storePatience: store.OPERATOR_STORE_PATIENCE,
    countUses: false,
  });
  try {
    return await ask(service.lookups);
  } finally {
    const problems = Object.keys(telemetry.takeProblems() ?? {});
    if (problems.length > 0) context.output.warn(`Redis did not take part (${problems.join(', ')})`);
    await service.close();
  }
}
