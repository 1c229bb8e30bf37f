import { randomUUID } from 'node:crypto';
import { keys } from '../names/keys';
import { TTL } from '../names/ttl';
import { connectionOf, type RedisClient } from '../redis/connection';
import { bytesReply, listReply } from '../redis/replies';
import type { GuardedRedis } from './guard';
import { type HeardMark, readMark } from './release-mark';
import { runBinaryScript, runScript, script } from './script';

/**
 * Takes a key's lease if nobody holds it, and reads the key in the same instant: whoever held the lease before may just
 * have filled it. What lies under a lease's key and is none of ours (another type, no expiry, a longer one than leases
 * have) holds nothing.
 */
const CLAIM = script(`local holder = redis.pcall('GET', KEYS[2])
if holder and holder ~= ARGV[1] then
  local life = redis.call('PTTL', KEYS[2])
  if type(holder) ~= 'string' or life < 0 or life > ARGV[2] * 1000 then holder = false end
end
if not holder then
  redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
  holder = ARGV[1]
end
local value = redis.pcall('GETRANGE', KEYS[1], 0, ARGV[3])
if type(value) ~= 'string' or value == '' then value = false end
return {holder == ARGV[1] and 1 or 0, value}`);

/**
 * Writes a value only while its loader still holds the lease, then ends the lease. A publish drops leases together
 * with the keys it removes, so that what was loaded before the publish cannot be written after it.
 */
const WRITE_BACK = script(`if redis.pcall('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('DEL', KEYS[2])
return 1`);

/** Ends a lease that is still the caller's. */
const GIVE_UP = script(`if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);

/** One key's lease as asked for, and the frame the key held in that instant; null for none. */
export interface Claim {
  readonly mine: boolean;
  readonly frame: unknown;
}

export interface Claims {
  readonly claims: readonly Claim[];
  /** The connection that they came over. */
  readonly over: unknown;
  /** The release key, read after the leases were taken. */
  readonly markAfter: HeardMark;
  /** The same, read before: what was read since may be judged by it. */
  readonly markBefore: HeardMark;
}

/** What is to be written under a lease. */
export interface WriteBack {
  readonly key: string;
  readonly frame: Buffer;
  /** Seconds. */
  readonly ttl: number;
}

/**
 * The right to fill keys, one loader per key among all processes. All leases of one instance carry the same token, so
 * that a lease whose confirmation got lost is recognised when asked for again.
 */
export class Leases {
  readonly #token = randomUUID();

  constructor(
    private readonly redis: GuardedRedis,
    private readonly longestFrame: number,
  ) {}

  /**
   * Asks for the lease of every key.
   * @throws RedisUnavailable, CommandRefused
   */
  claim(claimed: readonly string[]): Promise<Claims> {
    return this.redis.run(async (client) => {
      const before = readMark(client);
      // Across nodes only waiting keeps an order.
      if (client.isCluster) await before;
      const asked = Promise.all(claimed.map((key) => this.#claimOne(client, key)));
      if (client.isCluster) await asked;
      const [markBefore, claims, markAfter] = await Promise.all([before, asked, readMark(client)]);
      return { claims, over: connectionOf(client), markBefore, markAfter };
    });
  }

  async #claimOne(client: RedisClient, key: string): Promise<Claim> {
    const answer = await runBinaryScript(
      client,
      CLAIM,
      [key, keys.lease(key)],
      [this.#token, TTL.lease, this.longestFrame],
    );
    const [mine, frame] = listReply(answer, 2);
    return { mine: mine === 1, frame: bytesReply(frame) };
  }

  /**
   * Writes values whose leases are still held, and ends those leases.
   * @returns the keys whose lease was lost
   */
  writeBack(values: readonly WriteBack[]): Promise<Set<string>> {
    return this.redis.run(async (client) => {
      const written = await Promise.all(
        values.map(({ key, frame, ttl }) =>
          runScript(client, WRITE_BACK, [key, keys.lease(key)], [this.#token, frame, ttl]),
        ),
      );
      return new Set(values.filter((_, index) => written[index] !== 1).map(({ key }) => key));
    });
  }

  /** Ends leases without writing. Failures do not matter: leases lapse by themselves. */
  async giveUp(claimed: readonly string[]): Promise<void> {
    if (claimed.length === 0) return;
    try {
      await this.redis.run((client) =>
        Promise.all(claimed.map((key) => runScript(client, GIVE_UP, [keys.lease(key)], [this.#token]))),
      );
    } catch {
      // They lapse after TTL.lease seconds.
    }
  }
}
