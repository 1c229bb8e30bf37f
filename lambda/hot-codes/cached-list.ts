import { keys } from '../names/keys';
import type { RedisClient } from '../redis/connection';

/**
 * Makes the next lookup of a team's list read the stored one. The lease goes first: a loader that read the former list
 * a moment ago must not write it back after that. Nothing is written here, because only a load under a lease is sure to
 * be of the live release.
 */
export async function dropCachedList(client: RedisClient, teamId: string): Promise<void> {
  const key = keys.hotCodes(teamId);
  // The keys of one command must share a slot of a cluster.
  await Promise.all([client.unlink(keys.lease(key)), client.unlink(key)]);
}
