import type { Command } from 'commander';
import type { HotCode } from '../lambda/hot-codes/hot-codes-document';
import type { CliContext, SharedOptions } from './context';
import { action, addCommand, wholeNumber } from './program';
import { redisSource } from './redis-source';
import { table } from './terminal/table';

interface UsageOptions extends SharedOptions {
  limit?: number;
}

interface WaitingUse {
  code: string;
  uses: number;
}

const DEFAULT_LIMIT = 20;

/** Adds `usage`. */
export function registerUsage(program: Command): void {
  addCommand(
    program,
    'usage <team>',
    "show a team's most used codes, and the uses that the next roll-up will add",
  )
    .option('--limit <n>', `codes to show (default: ${DEFAULT_LIMIT})`, wholeNumber('--limit', 1, 1_000))
    .action(action<UsageOptions>(usageCommand));
}

async function usageCommand(
  context: CliContext,
  { limit = DEFAULT_LIMIT }: UsageOptions,
  [team = '']: readonly string[],
): Promise<void> {
  const [{ parseTeamId }, { readHotCodes }] = await Promise.all([
    import('../lambda/codes/parse'),
    import('../lambda/hot-codes/stored-document'),
  ]);
  const teamId = parseTeamId(team, 'team');
  const list = await readHotCodes(await context.openStore(), teamId);
  const waiting = await waitingUses(context, teamId, limit);
  const codes = list?.codes.slice(0, limit) ?? [];
  const answer = { teamId, generatedAt: list?.generatedAt ?? null, codes, waiting: waiting ?? null };
  context.output.result(answer, () => describe(answer));
}

/** Uses counted since the last roll-up, most first; undefined where no Redis is named. */
async function waitingUses(
  context: CliContext,
  teamId: string,
  limit: number,
): Promise<WaitingUse[] | undefined> {
  const location = context.redisIfConfigured();
  if (location === undefined) return undefined;
  const [{ RedisConnection }, { OPERATOR_TIMEOUTS }, { keys }] = await Promise.all([
    import('../lambda/redis/connection'),
    import('../lambda/redis/options'),
    import('../lambda/names/keys'),
  ]);
  const connection = new RedisConnection(await redisSource(location), { timeouts: OPERATOR_TIMEOUTS });
  try {
    const flat = await connection.run((client) =>
      client.zrevrange(keys.usage(teamId), 0, limit - 1, 'WITHSCORES'),
    );
    const uses: WaitingUse[] = [];
    for (let at = 0; at + 1 < flat.length; at += 2) {
      uses.push({ code: flat[at] ?? '', uses: Number(flat[at + 1]) });
    }
    return uses;
  } finally {
    connection.close();
  }
}

function describe(answer: {
  teamId: string;
  generatedAt: string | null;
  codes: readonly HotCode[];
  waiting: readonly WaitingUse[] | null;
}): string {
  const ranked =
    answer.generatedAt === null
      ? `Team ${answer.teamId} has no list yet; the first roll-up after its first lookups makes one.`
      : [
          `Team ${answer.teamId}, as of ${answer.generatedAt} (uses fade by half every 14 days)`,
          '',
          table(
            ['#', 'type', 'code', 'description', 'uses'],
            answer.codes.map(({ rank, type, code, shortDescription, uses }) => [
              String(rank),
              type,
              code,
              shortDescription,
              uses.toLocaleString('en'),
            ]),
            [0, 4],
          ),
        ].join('\n');
  if (answer.waiting === null) return ranked;
  const waiting =
    answer.waiting.length === 0
      ? 'No uses since the last roll-up.'
      : [
          'Since the last roll-up:',
          table(
            undefined,
            answer.waiting.map(({ code, uses }) => [code, String(uses)]),
            [1],
          ),
        ].join('\n');
  return `${ranked}\n\n${waiting}`;
}
