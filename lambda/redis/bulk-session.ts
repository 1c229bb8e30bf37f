import { parseInfo } from '../monitor/info';
import { BulkConnection, type BulkCommand, Refusal } from './bulk';
import { classify, RedisUnavailable } from './failures';
import type { Clock } from './snapshot/pace';
import type { ConnectionSource } from './source';

/** Replies of an exchange, and how it went. */
export interface Exchange {
  readonly replies: readonly unknown[];
  /** Above 1, an earlier attempt may have carried out any of the commands already. */
  readonly attempts: number;
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
   * @throws RedisUnavailable when patience has run out
   */
  exchange(commands: readonly BulkCommand[]): Promise<Exchange>;
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
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

/** The server answers again by itself after a while. */
const PASSING = new Set(['LOADING', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN', 'BUSY']);

/** A bulk connection that outlives drops, restarts, loading servers and rotated passwords. */
export class BulkSession implements BulkRedis {
  serverId: string | undefined;
  serverVersion: string | undefined;
  reconnects = 0;
  #connection: BulkConnection | undefined;
  #connectedBefore = false;
  #refetched = false;

  constructor(private readonly options: BulkSessionOptions) {}

  async exchange(commands: readonly BulkCommand[]): Promise<Exchange> {
    const { clock, patienceMs = DEFAULT_PATIENCE_MS } = this.options;
    const deadline = clock.now() + patienceMs;
    for (
      let attempts = 1, delay = FIRST_DELAY_MS;
      ;
      attempts += 1, delay = Math.min(delay * 2, MAX_DELAY_MS)
    ) {
      let problem: Error;
      try {
        const connection = await this.#connect();
        const replies = await connection.exchange(commands);
        const passing = replies.find((reply) => reply instanceof Refusal && PASSING.has(reply.reason));
        if (!(passing instanceof Refusal)) return { replies, attempts };
        problem = passing;
      } catch (error) {
        problem = this.#afterFailure(error);
      }
      if (clock.now() + delay > deadline)
        throw problem instanceof Refusal ? new RedisUnavailable('loading') : problem;
      this.options.onRetry?.(problem.message, delay);
      await clock.sleep(delay);
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** What to retry; rethrows what no retry helps. */
  #afterFailure(error: unknown): Error {
    this.close();
    if (!(error instanceof RedisUnavailable)) throw error;
    const failure = classify(error);
    if (failure === 'secret' || failure === 'configuration' || failure === 'tls') throw error;
    // The password may have been rotated since it was read; a second refusal is final.
    if (failure === 'auth' && this.#refetched) throw error;
    this.#refetched = failure === 'auth';
    return error;
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
    } catch (error) {
      connection.close();
      throw error;
    }
    if (this.#connectedBefore) this.reconnects += 1;
    this.#connectedBefore = true;
    this.#connection = connection;
    return connection;
  }
}
