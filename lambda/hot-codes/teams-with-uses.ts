import { Cluster } from 'ioredis';
import type { RedisClient } from '../redis/connection';
import { teamOfUsageKey, USAGE_SCAN_PATTERN } from './claim';

/** Keys looked at per SCAN call: a 100,000-key database takes a hundred calls. */
const SCAN_COUNT = 1_000;

/** Ids of all teams with counts waiting, each once; SCAN itself may name a key twice. */
export async function teamsWithUses(client: RedisClient): Promise<string[]> {
  const teams = new Set<string>();
  for (const node of client instanceof Cluster ? client.nodes('master') : [client]) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', USAGE_SCAN_PATTERN, 'COUNT', SCAN_COUNT);
      for (const key of keys) {
        const team = teamOfUsageKey(key);
        if (team !== undefined) teams.add(team);
      }
      cursor = next;
    } while (cursor !== '0');
  }
  return [...teams].sort();
}
