import { parseInfo } from './info';
import { BulkConnection, type BulkCommand, Refusal, ReplyTooLarge } from './bulk-connection';
import { RedisUnavailable } from './failures';
import { type RedisFailure } from '../names/redis-failure';
import type { Clock } from '../names/clock';
import type { ConnectionSource } from './source';

/** Replies of an exchange, and how it went. */
export interface Exchange {
  readonly replies: readonly unknown[];
  /** Above 1, an earlier attempt may have carried out any of the commands already. */
  readonly attempts: number;
}

export interface ExchangeLimits {
  readonly mostReplyBytes?: number | undefined;
}

/** What copying data needs of Redis. */
export interface BulkRedis {
  /** Changes when another server process answers: SCAN cursors of one mean nothing to another. */
  readonly serverId: string | undefined;
  /** As INFO names it, e.g. `7.0.15`. */
  readonly serverVersion: string | undefined;
  /** How often the connection was lost and made again. */
  readonly reconnects: number;
  /**
   * Carries the commands out, all of them again after a lost connection: they must bear repetition.
   * @param limits `mostReplyBytes` of replies end the exchange instead of filling memory
   * @throws RedisUnavailable when patience has run out; ReplyTooLarge
   */
  exchange(commands: readonly BulkCommand[], limits?: ExchangeLimits): Promise<Exchange>;
  close(): void;
}

export interface BulkSessionOptions {
  readonly source: ConnectionSource;
  readonly clock: Clock;
  /** Milliseconds without any success after which to give up; default 2 minutes. */
  readonly patienceMs?: number;
  /** DUMP would otherwise make every key look recently used. Redis has this from 7.2; older ones refuse it. */
  readonly noTouch?: boolean;
  /** Told before each new attempt. */
  readonly onRetry?: (reason: string, delayMs: number) => void;
}

const DEFAULT_PATIENCE_MS = 120_000;
const CONNECT_PATIENCE_MS = 3_000;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

/** The server answers again by itself after a while. */
const PASSING = new Set(['LOADING', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN', 'BUSY']);
/** Waiting mends none of these. */
const FINAL = new Set<RedisFailure | 'open'>(['secret', 'configuration', 'tls', 'database', 'command']);

/** A bulk connection that outlives drops, restarts, loading servers and rotated passwords. */
export class BulkSession implements BulkRedis {
  serverId: string | undefined;
  serverVersion: string | undefined;
  /** Number of the selected database, once connected. */
  database: number | undefined;
  reconnects = 0;
  #connection: BulkConnection | undefined;
  #connectedBefore = false;
  #refetched = false;

  constructor(private readonly options: BulkSessionOptions) {}

  /**
   * Connects, so that a wrong address or password shows before any work starts.
   * @throws RedisUnavailable after a few seconds; a server that is loading its data has all the patience
   */
  async connect(): Promise<void> {
    await this.#persist(CONNECT_PATIENCE_MS, () => Promise.resolve([]));
  }

  exchange(commands: readonly BulkCommand[], { mostReplyBytes }: ExchangeLimits = {}): Promise<Exchange> {
    const { patienceMs = DEFAULT_PATIENCE_MS } = this.options;
    return this.#persist(patienceMs, (connection) => connection.exchange(commands, mostReplyBytes));
  }

  async #persist(
    patienceMs: number,
    work: (connection: BulkConnection) => Promise<unknown[]>,
  ): Promise<Exchange> {
    const { clock, onRetry } = this.options;
    const started = clock.now();
    let delay = FIRST_DELAY_MS;
    for (let attempts = 1; ; attempts += 1) {
      const outcome = await this.#attempt(work);
      if (!(outcome instanceof RedisUnavailable)) return { replies: outcome, attempts };
      const patience = outcome.failure === 'loading' ? Math.max(patienceMs, DEFAULT_PATIENCE_MS) : patienceMs;
      if (clock.now() + delay > started + patience) throw outcome;
      onRetry?.(outcome.message, delay);
      await clock.sleep(delay);
      delay = Math.min(delay * 2, MAX_DELAY_MS);
    }
  }

  /** Replies, or the failure that another attempt may mend. @throws RedisUnavailable where none would */
  async #attempt(
    work: (connection: BulkConnection) => Promise<unknown[]>,
  ): Promise<unknown[] | RedisUnavailable> {
    try {
      const replies = await work(await this.#connect());
      const passing = replies.some((reply) => reply instanceof Refusal && PASSING.has(reply.reason));
      return passing ? new RedisUnavailable('loading') : replies;
    } catch (error) {
      this.close();
      // Ended by ourselves: no connection was lost.
      if (error instanceof ReplyTooLarge) this.#connectedBefore = false;
      if (!(error instanceof RedisUnavailable)) throw error;
      if (FINAL.has(error.failure)) throw error;
      // The password may have been rotated since it was read; refused again, it is wrong.
      if (error.failure === 'auth' && this.#refetched) throw error;
      this.#refetched = error.failure === 'auth';
      return error;
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #connect(): Promise<BulkConnection> {
    if (this.#connection !== undefined) return this.#connection;
    const { source, noTouch = false } = this.options;
    const connection = await BulkConnection.open(
      await (this.#refetched ? source.refresh() : source.current()),
    );
    try {
      const [info] = await connection.exchange([
        ['INFO', 'server'],
        ...(noTouch ? [['CLIENT', 'NO-TOUCH', 'ON'] satisfies BulkCommand] : []),
      ]);
      const { runId, version } = info instanceof Buffer ? parseInfo(info.toString()) : {};
      this.serverId = runId;
      this.serverVersion = version;
      this.database = connection.database;
    } catch (error) {
      connection.close();
      throw error;
    }
    if (this.#connectedBefore) this.reconnects += 1;
    this.#connectedBefore = true;
    this.#refetched = false;
    this.#connection = connection;
    return connection;
  }
}
