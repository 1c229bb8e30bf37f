import type { CatalogReader } from '../catalog/read/catalog-reader';
import type { ObjectStore } from '../store/object-store';
import { CODE_TYPES } from '../names/code-types';
import type { RedisConnection } from '../redis/connection';
import { type HotCodeStates, hotCodeStates } from './hot-codes-document';
import { dropCachedList } from './cached-list';
import { parseUsageMember, usageMember } from './usage-member';
import { rollUp, type RollUpHost, type RollUpResult } from './roll-up';
import { teamsWithUses } from './teams-with-uses';

export interface RollUpsHost {
  readonly connection: RedisConnection;
  readonly store: ObjectStore;
  readonly catalog: CatalogReader;
  now(): Date;
  /** Told of each team that could not be rolled up; its counts wait for the next run. */
  failed(teamId: string, error: unknown): void;
}

export interface RollUps {
  readonly teams: readonly RollUpResult[];
  readonly failed: number;
}

/**
 * Rolls up every team that has uses waiting. One team's trouble does not hold up the others.
 * @throws RedisUnavailable when the teams cannot even be listed
 */
export async function rollUpAll(host: RollUpsHost): Promise<RollUps> {
  // The scan takes many round trips, more than `run` allows; one PING first settles which password is good.
  await host.connection.run((each) => each.ping());
  const client = await host.connection.client();
  const teamHost: RollUpHost = {
    redis: client,
    store: host.store,
    release: async () => (await host.catalog.pointer()).release,
    describe: (members) => describe(host.catalog, members),
    refresh: ({ teamId }) => dropCachedList(client, teamId),
    now: () => host.now(),
  };
  const teams: RollUpResult[] = [];
  let failed = 0;
  for (const teamId of await teamsWithUses(client)) {
    try {
      const result = await rollUp(teamHost, teamId);
      if (result !== undefined) teams.push(result);
    } catch (error) {
      failed += 1;
      host.failed(teamId, error);
    }
  }
  return { teams, failed };
}

/** What the list says of codes, from the live release, one catalog read per shard. */
async function describe(
  catalog: CatalogReader,
  members: readonly string[],
): Promise<ReadonlyMap<string, HotCodeStates>> {
  const { release } = await catalog.pointer();
  const codes = members.flatMap((member) => parseUsageMember(member) ?? []);
  const described = new Map<string, HotCodeStates>();
  for (const type of CODE_TYPES) {
    const wanted = codes.filter((each) => each.type === type).map(({ code }) => code);
    for (const [code, record] of await catalog.records(release, type, wanted)) {
      if (record !== undefined) described.set(usageMember(type, code), hotCodeStates(record));
    }
  }
  return described;
}
