import { createHash, randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/connection';
import type { GuardedRedis } from './guard';
import { keys } from '../names/keys';
import { type Reading, readKey } from './reading';
import { TTL } from '../names/ttl';

/** A script the server knows by its digest once it has run. */
interface Script {
  readonly lua: string;
  readonly sha: string;
}

function script(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/**
 * Writes a value only while its loader still holds the lease, then ends the lease. A publish drops leases together
 * with the keys it removes, so that what was loaded before the publish cannot be written after it.
 */
const WRITE_BACK = script(`if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('DEL', KEYS[2])
return 1`);

/** Ends a lease that is still the caller's. */
const GIVE_UP = script(`if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);

async function runScript(
  client: RedisClient,
  { lua, sha }: Script,
  scriptKeys: string[],
  args: (string | Buffer | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, scriptKeys.length, ...scriptKeys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.eval(lua, scriptKeys.length, ...scriptKeys, ...args);
  }
}

/** One key's lease as asked for, and what the key held right after. */
export interface Claim extends Reading {
  readonly held: boolean;
}

export interface Claims {
  readonly claims: Claim[];
  /** Text of the release key, read after the leases were taken. */
  readonly tag: string | null;
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

  constructor(private readonly redis: GuardedRedis) {}

  /**
   * Asks for the lease of every key, and reads each key again: whoever held the lease before may just have filled it.
   * @throws RedisUnavailable, CommandRefused
   */
  claim(claimed: readonly string[]): Promise<Claims> {
    return this.redis.run(async (client) => {
      const asked = Promise.all(claimed.map((key) => this.#claimOne(client, key)));
      // Across nodes only waiting makes the release's read come after the lease.
      if (client.isCluster) await asked;
      const [claims, tag] = await Promise.all([asked, client.get(keys.release)]);
      return { claims, tag };
    });
  }

  async #claimOne(client: RedisClient, key: string): Promise<Claim> {
    const lease = keys.lease(key);
    const [, holder, reading] = await Promise.all([
      client.set(lease, this.#token, 'EX', TTL.lease, 'NX'),
      client.get(lease),
      readKey(client, key),
    ]);
    return { ...reading, held: holder === this.#token };
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
