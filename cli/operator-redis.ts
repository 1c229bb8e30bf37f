import { Cluster, type Redis, ReplyError } from 'ioredis';
import { BulkConnection, type BulkCommand, Refusal } from '../lambda/redis/bulk-connection';
import { type ConnectionTarget, parseConnectionString } from '../lambda/redis/connection-string';
import { classify, RedisUnavailable } from '../lambda/redis/failures';
import { type RedisFailure } from '../lambda/names/redis-failure';
import { clusterOptions } from '../lambda/redis/options';

/** One server, asked in batches: every reply in order, strings as Buffers, refused commands as Refusal. */
export interface OperatorNode {
  exchange(commands: readonly BulkCommand[]): Promise<unknown[]>;
}

/** Redis as an operator's command sees it, possibly from far away: with patience, and every shard by itself. */
export interface OperatorRedis {
  /** The primaries; one, unless the connection string says `cluster=true`. */
  readonly nodes: readonly [OperatorNode, ...OperatorNode[]];
  close(): void;
}

const CLUSTER_TIMEOUT_MS = 20_000;

/** @throws RedisUnavailable, whose `failure` says which step went wrong; InvalidConnectionString */
export async function openOperatorRedis(connectionString: string): Promise<OperatorRedis> {
  const target = parseConnectionString(connectionString);
  if (target.cluster) return openCluster(target);
  const connection = await BulkConnection.open(connectionString);
  return { nodes: [connection], close: () => connection.close() };
}

async function openCluster(target: ConnectionTarget): Promise<OperatorRedis> {
  const { nodes: start, options } = clusterOptions(target);
  const cluster = new Cluster(start, {
    ...options,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: CLUSTER_TIMEOUT_MS,
    redisOptions: {
      ...options.redisOptions,
      commandTimeout: undefined,
      socketTimeout: CLUSTER_TIMEOUT_MS,
      connectTimeout: CLUSTER_TIMEOUT_MS,
    },
  });
  let failure: RedisFailure = 'other';
  const seen = (error: unknown): void => void (failure = classify(error));
  cluster.on('error', seen).on('node error', seen);
  try {
    await cluster.connect();
    await cluster.ping();
  } catch (error) {
    cluster.disconnect();
    const shown = classify(error);
    throw new RedisUnavailable(shown === 'closed' || shown === 'other' ? failure : shown);
  }
  const [first, ...rest] = cluster.nodes('master').map(nodeOver);
  if (first === undefined) throw new RedisUnavailable('closed');
  return { nodes: [first, ...rest], close: () => cluster.disconnect() };
}

function nodeOver(redis: Redis): OperatorNode {
  return {
    async exchange(commands) {
      const pipeline = redis.pipeline();
      for (const [name, ...args] of commands) pipeline.callBuffer(name, args);
      const results = (await pipeline.exec()) ?? [];
      return results.map(([error, reply]) => {
        if (error === null) return reply;
        if (error instanceof ReplyError) return new Refusal(error.message);
        throw new RedisUnavailable(classify(error));
      });
    },
  };
}

/** A reply as text; undefined when it is none, such as a refusal. */
export function textOf(reply: unknown): string | undefined {
  if (Buffer.isBuffer(reply)) return reply.toString();
  return typeof reply === 'string' ? reply : undefined;
}
