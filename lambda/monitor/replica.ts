import type { Clock } from '../names/clock';
import { keys } from '../names/keys';
import { TTL } from '../names/ttl';
import { RedisConnection } from '../redis/connection';
import { replicaOf, replicaSource } from '../redis/servers';
import type { ConnectionSource } from '../redis/source';
import { measureReplicaLag } from './replica-lag';

/**
 * Measures the lag of the replica that the connection string names, over a connection of its own.
 * @returns a question whose answer is undefined where no replica is named
 */
export function replicaLagMeter(
  source: ConnectionSource,
  primary: Pick<RedisConnection, 'run'>,
  clock: Clock,
): () => Promise<number | undefined> {
  const replica = new RedisConnection(replicaSource(source));
  return async () => {
    if (replicaOf(await source.current()) === undefined) return undefined;
    return measureReplicaLag({
      ...clock,
      beat: async (at) => {
        await primary.run((client) => client.set(keys.beat, at, 'EX', TTL.beat));
      },
      seen: async () => {
        const beat = await replica.run((client) => client.get(keys.beat));
        return beat === null ? undefined : Number(beat);
      },
    });
  };
}
