import { Cluster } from 'ioredis';
import type { RedisConnection } from '../redis/connection';
import type { MonitoredRedis } from './monitor';

/** CONFIG GET answers `[name, value]`, or as a map under RESP3; nothing at all for a setting it does not know. */
function settingIn(reply: unknown, name: string): string | undefined {
  if (Array.isArray(reply)) return typeof reply[1] === 'string' ? reply[1] : undefined;
  if (typeof reply !== 'object' || reply === null) return undefined;
  const value: unknown = Reflect.get(reply, name);
  return typeof value === 'string' ? value : undefined;
}

/** The monitor's questions over the process's one connection, of a lone server or of every shard of a cluster. */
export function monitoredRedis(connection: Pick<RedisConnection, 'run'>): MonitoredRedis {
  return {
    async ping() {
      await connection.run((client) => client.ping());
    },
    info: () =>
      connection.run(async (client) => {
        if (!(client instanceof Cluster)) return [await client.info()];
        // The node list is empty until the first command has opened the cluster.
        await client.ping();
        return Promise.all(client.nodes('master').map((node) => node.info()));
      }),
    setting: async (name) => settingIn(await connection.run((client) => client.config('GET', name)), name),
  };
}
