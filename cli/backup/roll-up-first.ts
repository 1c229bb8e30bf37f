import { redisSource } from '../redis-source';
import type { RedisLocation } from '../context';
import type { Output } from '../terminal/output';

/** What became of the uses that waited for their roll-up. */
export interface RolledUp {
  readonly teams: number;
  readonly uses: number;
  /** Teams whose uses could not be rolled up; they still wait in their Redis. */
  readonly failed: number;
}

/**
 * Rolls the uses that wait in a Redis into the teams' lists of its store. Uses are in no backup and no migration:
 * restored, those that were rolled up meanwhile would count twice. So they go where they are safe first.
 * @returns undefined, with a warning, where Redis or the store cannot do it now
 */
export async function rollUpFirst(
  output: Output,
  location: RedisLocation,
  storeUrl: string,
): Promise<RolledUp | undefined> {
  const [{ RedisConnection }, { OPERATOR_TIMEOUTS }, { openStore }, { CatalogReader }, { rollUpAll }] =
    await Promise.all([
      import('../../lambda/redis/connection'),
      import('../../lambda/redis/options'),
      import('../../lambda/store/open-store'),
      import('../../lambda/catalog/read/catalog-reader'),
      import('../../lambda/hot-codes/roll-up-all'),
    ]);
  const store = openStore(storeUrl);
  const connection = new RedisConnection(await redisSource(location), { timeouts: OPERATOR_TIMEOUTS });
  try {
    const { teams, failed } = await rollUpAll({
      connection,
      store,
      catalog: new CatalogReader(store),
      now: () => new Date(),
      failed: (teamId, error) =>
        output.warn(`uses of team ${teamId} stay where they are: ${reasonOf(error)}`),
    });
    return { teams: teams.length, uses: teams.reduce((sum, { uses }) => sum + uses, 0), failed };
  } catch (error) {
    output.warn(`uses that wait for their roll-up stay where they are: ${reasonOf(error)}`);
    return undefined;
  } finally {
    connection.close();
  }
}

/** A sentence for a person; empty where no uses waited. */
export function rolledUpText(rolledUp: RolledUp | undefined): string[] {
  if (rolledUp === undefined || rolledUp.teams === 0) return [];
  const { teams, uses } = rolledUp;
  return [`Rolled up ${uses.toLocaleString('en')} uses of ${teams} team(s) first: no copy holds them.`];
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
