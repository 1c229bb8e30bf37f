import { createHash } from 'node:crypto';
import type { RedisClient } from '../redis/connection';

/** A Lua script, which the server knows by its digest once it has run. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function script(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** Runs a script by its digest, or whole where the server does not know it yet. Strings of its answer are text. */
export async function runScript(
  client: RedisClient,
  { lua, sha }: Script,
  scriptKeys: readonly string[],
  args: readonly (string | Buffer | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, scriptKeys.length, ...scriptKeys, ...args);
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return client.eval(lua, scriptKeys.length, ...scriptKeys, ...args);
  }
}

/** The same for a script whose answer holds bytes. */
export async function runBinaryScript(
  client: RedisClient,
  { lua, sha }: Script,
  scriptKeys: readonly string[],
  args: readonly (string | Buffer | number)[],
): Promise<unknown> {
  try {
    return await client.callBuffer('EVALSHA', [sha, scriptKeys.length, ...scriptKeys, ...args]);
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return client.callBuffer('EVAL', [lua, scriptKeys.length, ...scriptKeys, ...args]);
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
