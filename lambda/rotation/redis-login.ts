import { Cluster, type Redis } from 'ioredis';
import { keys } from '../names/keys';
import { RedisConnection, type RedisClient } from '../redis/connection';
import { CommandRefused, RedisUnavailable } from '../redis/failures';
import { type RedisFailure } from '../names/redis-failure';
import { OPERATOR_TIMEOUTS } from '../redis/options';
import { constantSource } from '../redis/source';
import type { AclHost } from './acl';
import { serversOf } from './credentials';
import { RotationFailed } from './strategy';

/** One slow answer must not fail a rotation. */
const ATTEMPTS = 4;
const PAUSE_MS = 300;

/** Every server behind a client: ACLs are not replicated, so each node of a cluster keeps its own. */
function serversBehind(client: RedisClient): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('all') : [client];
}

async function attempt<T>(connectionString: string, work: (client: RedisClient) => Promise<T>): Promise<T> {
  const seen = new Set<RedisFailure>();
  const connection = new RedisConnection(constantSource(connectionString), {
    connectionError: (failure) => seen.add(failure),
    // Nobody waits for a rotation as for a lookup.
    timeouts: OPERATOR_TIMEOUTS,
  });
  try {
    return await connection.run(work);
  } catch (error) {
    // A refused login may reach the command as a mere closed connection.
    throw seen.has('auth') ? new RedisUnavailable('auth') : error;
  } finally {
    connection.close();
  }
}

const isRefusedLogin = (error: unknown): boolean =>
  error instanceof RedisUnavailable && error.failure === 'auth';

export interface LoginHost {
  sleep(milliseconds: number): Promise<void>;
  /** Told when a server has no file to keep its users in. */
  forgetful(): void;
}

export interface RedisLogin extends AclHost {
  /** Whether every server of the value accepts its credentials. Throws when one cannot be reached. */
  readonly logsIn: (secretValue: string) => Promise<boolean>;
}

/** Real Redis connections, one for each question, closed after it. */
export function redisLogin(host: LoginHost): RedisLogin {
  const withRetries = async <T>(
    connectionString: string,
    work: (client: RedisClient) => Promise<T>,
  ): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(connectionString, work);
      } catch (error) {
        const final = error instanceof CommandRefused || isRefusedLogin(error) || tries === ATTEMPTS;
        if (final) throw error;
        await host.sleep(PAUSE_MS);
      }
    }
  };

  const logsInAt = async (connectionString: string): Promise<boolean> => {
    try {
      // Reading proves that the user has rights besides a password.
      await withRetries(connectionString, async (client) => {
        await client.get(keys.release);
        await Promise.all(serversBehind(client).map((node) => node.ping()));
      });
      return true;
    } catch (error) {
      if (isRefusedLogin(error)) return false;
      if (error instanceof CommandRefused) {
        throw new RotationFailed(`The user logs in but may not read the cache (${error.reason}).`);
      }
      throw error;
    }
  };

  return {
    async logsIn(secretValue) {
      const answers = await Promise.all(serversOf(secretValue).map(logsInAt));
      return answers.every(Boolean);
    },
    async setUser(secretValue, username, rules) {
      for (const server of serversOf(secretValue)) {
        await withRetries(server, async (client) => {
          // Opens a cluster, whose node list is empty before.
          await client.get(keys.release);
          for (const node of serversBehind(client)) {
            await node.call('ACL', 'SETUSER', username, ...rules);
            if (!(await keptOverRestart(node))) host.forgetful();
          }
        }).catch((error: unknown) => {
          throw explained(error);
        });
      }
    },
  };
}

/** Users live in an ACL file or in the configuration file; a server with neither forgets them when it restarts. */
async function keptOverRestart(node: Redis): Promise<boolean> {
  const saved = node.call('ACL', 'SAVE').catch(() => node.config('REWRITE'));
  return saved.then(
    () => true,
    () => false,
  );
}

function explained(error: unknown): unknown {
  if (isRefusedLogin(error))
    return new RotationFailed('Redis refuses the current credentials; set them right by hand.');
  if (!(error instanceof CommandRefused)) return error;
  return new RotationFailed(
    error.reason === 'NOPERM'
      ? 'The user may not change its password: it needs +acl|setuser (docs/rotation.md).'
      : `Redis refused ACL SETUSER (${error.reason}); Redis Cloud needs the strategy redis-cloud.`,
  );
}
