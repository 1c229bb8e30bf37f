import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { eventually } from './eventually';

export interface RedisCluster {
  readonly connectionString: string;
  readonly servers: readonly RedisServer[];
  stop(): Promise<void>;
}

async function healthy(server: RedisServer): Promise<boolean> {
  const client = new Redis(server.connectionString);
  try {
    return (await client.cluster('INFO')).includes('cluster_state:ok');
  } finally {
    client.disconnect();
  }
}

const SLOTS = 16_384;

/** Deals the slots out and makes the nodes known to each other, as `redis-cli --cluster create` does. */
async function join(servers: readonly RedisServer[]): Promise<void> {
  const share = Math.ceil(SLOTS / servers.length);
  for (const [index, server] of servers.entries()) {
    const client = new Redis(server.connectionString);
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot).slice(index * share, (index + 1) * share);
    await client.cluster('ADDSLOTS', ...slots);
    await client.cluster('SET-CONFIG-EPOCH', index + 1);
    for (const other of servers.slice(0, index)) await client.cluster('MEET', '127.0.0.1', other.port);
    client.disconnect();
  }
}

// A node that a busy machine holds up is not to be taken for dead.
const NODE = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '60000'];

/**
 * One server that owns every slot and refuses, of a client that speaks no cluster protocol, each command and script over
 * several of them: stricter than Redis Cloud's proxy before its shards, which splits commands but refuses scripts.
 */
export async function startShardedRedis(): Promise<RedisServer> {
  // A node that has met no other does not know its own address, which clients are told.
  const server = await startRedisServer({ args: [...NODE, '--cluster-announce-ip', '127.0.0.1'] });
  try {
    await join([server]);
    await eventually(() => healthy(server), 'the node serves its slots');
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A real cluster of three primaries without replicas, all on this machine. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const servers: RedisServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    for (let node = 0; node < 3; node += 1) {
      servers.push(await startRedisServer({ args: NODE }));
    }
    await join(servers);
    await eventually(
      async () => (await Promise.all(servers.map(healthy))).every(Boolean),
      'the cluster is up',
    );
    return { connectionString: `${servers[0]!.connectionString}?cluster=true`, servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
