import { Invalidation } from '../../lambda/cache/invalidate';
import { keys } from '../../lambda/names/keys';
import { RedisConnection } from '../../lambda/redis/connection';
import { constantSource } from '../../lambda/redis/source';
import { startRedisServer } from '../../local/redis-server';
import { CommandLog } from '../support/command-log';
import { PATIENT_TIMEOUTS } from '../support/patience';
import { startRedisCluster } from '../support/redis-cluster';
import { HandClock } from './support';

/** More than one round trip's worth. */
const REMOVED = Array.from({ length: 300 }, (_, index) => `icd10:S82.${index}`);

/** Removes the keys, and answers what each of the servers did for it, in its order. */
async function removal(
  connectionString: string,
  servers: readonly { readonly connectionString: string }[],
): Promise<readonly (readonly string[])[][]> {
  const logs = await Promise.all(servers.map((server) => CommandLog.of(server.connectionString)));
  const connection = new RedisConnection(constantSource(connectionString), { timeouts: PATIENT_TIMEOUTS });
  try {
    await new Invalidation(connection, 'test', { clock: new HandClock() }).remove(REMOVED);
    return await Promise.all(
      logs.map(async (log) => (await log.commands()).filter(([name]) => name === 'unlink')),
    );
  } finally {
    connection.close();
    for (const log of logs) log.stop();
  }
}

/** A loader between the two would find its lease gone, not its key: else it wrote the former value back. */
function expectLeasesFirst(commands: readonly (readonly string[])[]): void {
  const place = new Map(commands.flatMap(([, ...names], at) => names.map((name) => [name, at] as const)));
  for (const key of REMOVED.filter((each) => place.has(each))) {
    expect([key, place.get(keys.lease(key))]).toEqual([key, expect.any(Number)]);
    expect([key, place.get(keys.lease(key))! < place.get(key)!]).toEqual([key, true]);
  }
}

const removedBy = (commands: readonly (readonly string[])[]): string[] =>
  commands.flatMap(([, ...names]) => names).filter((name) => REMOVED.includes(name));

describe('an invalidation', () => {
  it('removes the leases before their keys', async () => {
    const server = await startRedisServer();
    try {
      const [commands = []] = await removal(server.connectionString, [server]);
      expect(removedBy(commands).sort()).toEqual([...REMOVED].sort());
      expectLeasesFirst(commands);
    } finally {
      await server.stop();
    }
  });

  it('removes each lease before its key on every node of a cluster', async () => {
    const cluster = await startRedisCluster();
    try {
      const nodes = await removal(cluster.connectionString, cluster.servers);
      expect(nodes.flatMap(removedBy).sort()).toEqual([...REMOVED].sort());
      for (const commands of nodes) expectLeasesFirst(commands);
    } finally {
      await cluster.stop();
    }
  });
});
