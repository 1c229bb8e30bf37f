import { Cluster, type Redis } from 'ioredis';
import { clientOf } from './client';
import { type ConnectionTarget, parseConnectionString } from './connection-string';
import { classify, CommandRefused, RedisUnavailable } from './failures';
import { type RedisFailure } from '../names/redis-failure';
import { within } from '../names/time-limit';
import { DamagedReply } from './replies';
import { clusterOptions, redisOptions, type Timeouts, TIMEOUTS } from './options';
import type { ConnectionSource } from './source';

export type RedisClient = Redis | Cluster;

export interface ConnectionHost {
  /** Told of every failed attempt to connect or stay connected. Must not throw. */
  connectionError?(failure: RedisFailure): void;
  /** Milliseconds since the epoch. */
  now?(): number;
  /** Those of a lookup by default; operators' commands take OPERATOR_TIMEOUTS. */
  readonly timeouts?: Timeouts | undefined;
}

/** Milliseconds between two reads of the source after authentication failures, so that a wrong secret is no loop. */
const REFETCH_PAUSE = 30_000;

/** A cluster's command may pass through several nodes, each with its own time-out; this many bound them together. */
const CLUSTER_TIMEOUTS = 2;

/**
 * What a client's commands go over: something else after each reconnection, which may have led to another server. A
 * cluster's nodes are not told apart.
 */
export function connectionOf(client: RedisClient): unknown {
  return client instanceof Cluster ? client : client.stream;
}

/** A client that connects on its first command. */
export function createClient(target: ConnectionTarget, timeouts: Timeouts = TIMEOUTS): RedisClient {
  if (!target.cluster) return clientOf(redisOptions(target, timeouts));
  const { nodes, options } = clusterOptions(target, timeouts);
  return new Cluster(nodes, options);
}

/**
 * The process's one connection, made when first used. After an authentication failure it reads the connection
 * string anew, once for all who failed, and changes over to it; a string that did not change is not asked for again
 * within 30 s.
 */
export class RedisConnection {
  readonly #timeouts: Timeouts;
  #client: RedisClient | undefined;
  #connectionString: string | undefined;
  /** Why the last attempt to connect failed; undefined while connected. */
  #lastFailure: RedisFailure | undefined;
  #opening: Promise<RedisClient> | undefined;
  #renewing: Promise<void> | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #closed = false;
  #gathering = false;

  constructor(
    private readonly source: ConnectionSource,
    private readonly host: ConnectionHost = {},
  ) {
    this.#timeouts = host.timeouts ?? TIMEOUTS;
  }

  /**
   * The client itself, for what `run` does not fit (scans, pipelines, transactions). Ask anew for each piece of
   * work: a rotation replaces it.
   * @throws RedisUnavailable when the connection string cannot be read; InvalidConnectionString when it is none
   */
  async client(): Promise<RedisClient> {
    return this.#client ?? (await this.#open());
  }

  /**
   * Runs commands issued by `work` in one go. ioredis keeps their order on one connection, so that commands issued
   * together travel in one round trip. After an authentication failure `work` runs once more if the connection string
   * has changed.
   * @throws RedisUnavailable when Redis did not serve; CommandRefused when it answered with an error
   */
  async run<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    let used: RedisClient | undefined;
    try {
      used = this.#client ?? (await this.#open());
      return await this.#bounded(used, work);
    } catch (error) {
      if (error instanceof DamagedReply) used?.disconnect(true);
      const renewed = await this.#afterFailure(used, error);
      if (renewed === undefined) throw this.#shown(error);
      try {
        return await this.#bounded(renewed, work);
      } catch (again) {
        throw this.#shown(again);
      }
    }
  }

  /** Ends the connection; commands still waiting fail. */
  close(): void {
    this.#closed = true;
    this.#lastFailure = undefined;
    this.#client?.disconnect();
    this.#client = undefined;
  }

  #bounded<T>(client: RedisClient, work: (client: RedisClient) => Promise<T>): Promise<T> {
    if (client instanceof Cluster) {
      return within(work(client), CLUSTER_TIMEOUTS * this.#timeouts.command, () => {
        throw new RedisUnavailable('timeout');
      });
    }
    this.#gather(client);
    return work(client);
  }

  /**
   * Holds what is written until all that can run now has run, so that the commands of one piece of work, and of others
   * at the same time, go out in one system call. With 64 lookups in flight that halves a lookup's cost.
   */
  #gather(client: Redis): void {
    if (this.#gathering || client.status !== 'ready') return;
    const { stream } = client;
    this.#gathering = true;
    stream.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  #shown(error: unknown): RedisUnavailable | CommandRefused {
    const failure = classify(error);
    if (failure === 'command') return new CommandRefused(error);
    // Of a command that waited for a connection ioredis only tells that it waited in vain; the event tells why.
    const waited = failure === 'closed' || failure === 'timeout';
    return new RedisUnavailable((waited ? this.#lastFailure : undefined) ?? failure);
  }

  /** The client to try once more with, where a new connection string was found. */
  async #afterFailure(used: RedisClient | undefined, error: unknown): Promise<RedisClient | undefined> {
    if (used === undefined) return undefined;
    const shown = this.#shown(error);
    if (shown instanceof RedisUnavailable && shown.failure === 'auth') void this.#renew(used);
    if (this.#renewing !== undefined) await within(this.#renewing, this.#timeouts.renewal, () => undefined);
    return this.#client === used ? undefined : this.#client;
  }

  #open(): Promise<RedisClient> {
    if (this.#closed) return Promise.reject(new RedisUnavailable('closed'));
    this.#opening ??= this.#connect().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #connect(): Promise<RedisClient> {
    try {
      return this.#use(await this.source.current());
    } catch (error) {
      this.host.connectionError?.(classify(error));
      throw error;
    }
  }

  #use(connectionString: string): RedisClient {
    const client = createClient(parseConnectionString(connectionString), this.#timeouts);
    const failed = (error: unknown): void => {
      if (this.#client !== client) return;
      const failure = classify(error);
      this.#lastFailure = failure;
      this.host.connectionError?.(failure);
      if (failure === 'auth') void this.#renew(client);
    };
    client.on('error', failed);
    client.on('ready', () => (this.#lastFailure = undefined));
    if (client instanceof Cluster) client.on('node error', failed);
    const old = this.#client;
    this.#client = client;
    this.#connectionString = connectionString;
    old?.disconnect();
    return client;
  }

  #renew(failed: RedisClient): Promise<void> {
    if (this.#renewing !== undefined || this.#client !== failed || this.#closed)
      return this.#renewing ?? Promise.resolve();
    const now = this.host.now?.() ?? Date.now();
    if (now - this.#renewedAt < REFETCH_PAUSE) return Promise.resolve();
    this.#renewedAt = now;
    this.#renewing = this.#refetch().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #refetch(): Promise<void> {
    try {
      const fresh = await this.source.refresh();
      if (fresh === this.#connectionString || this.#closed) return;
      this.#use(fresh);
      // The pause is against a secret that stays wrong; the next rotation may come at any time.
      this.#renewedAt = Number.NEGATIVE_INFINITY;
    } catch (error) {
      this.host.connectionError?.(classify(error));
    }
  }
}
