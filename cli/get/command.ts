import type { Command } from 'commander';
import type { DatedAnswer } from '../../lambda/lookup/asked-day';
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
  )
    .option('--on <day>', 'as of this date of service, YYYY-MM-DD (default: today in New York)')
    .option('--history', 'with all states of the code, oldest first')
    .action(action<GetOptions>(getCommand));
}

interface GetOptions extends SharedOptions {
  on?: string;
  history?: boolean;
}

async function getCommand(
  context: CliContext,
  { on, history }: GetOptions,
  [type = '', input = '']: readonly string[],
): Promise<void> {
  if (!isCodeType(type)) {
    throw new UsageError(`<type> is one of ${CODE_TYPES.join(', ')}, not ${JSON.stringify(type)}.`);
  }
  const [{ parseCode }, { isDay }] = await Promise.all([
    import('../../lambda/codes/parse'),
    import('../../lambda/codes/days'),
  ]);
  if (on !== undefined && !isDay(on)) {
    throw new UsageError(`--on takes a day as YYYY-MM-DD, such as 2026-10-01, not ${JSON.stringify(on)}.`);
  }
  const code = parseCode(type, input);
  const found = await lookUp(context, (lookups) => lookups.record({ type, code, on, history }));
  const { value: record, outcome, release, edition } = found;
  context.output.result({ record, outcome, release, edition }, () =>
    [describeRecord(record, on), origin(found)].join('\n\n'),
  );
}

function origin({ outcome, release, edition }: DatedAnswer<unknown>): string {
  const from = {
    memory: 'from memory',
    redis: 'from Redis',
    miss: 'from the catalog, and now in Redis',
    bypass: 'from the catalog, without Redis',
    stale: 'an expired value, because the catalog is out',
  } as const;
  const dated = edition === undefined ? '' : `, edition of ${edition}`;
  return `release ${release}${dated}, ${from[outcome]}`;
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
