import type { Command } from 'commander';
import type { RedisClient } from '../lambda/redis/connection';
import type { CliContext, SharedOptions } from './context';
import { action, addCommand } from './program';
import { redisSource } from './redis-source';
import { formatBytes } from './terminal/table';

/** Adds `inspect`. */
export function registerInspect(program: Command): void {
  addCommand(
    program,
    'inspect <key>',
    'show what Redis holds under a key, e.g. icd10:Z00.00: its value as JSON, how it is stored, how long it lives',
  ).action(action<SharedOptions>(inspectCommand));
}

/** What is found under a key. */
export interface Inspection {
  readonly key: string;
  /** Redis's own type; `none` when there is no such key. */
  readonly redisType: string;
  /** Seconds to live; null without expiry. */
  readonly ttl: number | null;
  /** Bytes of the value; members of a sorted set. */
  readonly size: number;
  readonly format: string;
  /** Until when the value itself says that it may be believed. */
  readonly expiresAt?: string;
  /** Of the release it was loaded under; `catalog list` shows the live one's. */
  readonly stamp?: string;
  /** The value as JSON; null when the cache remembers that the release has no such value, or nobody can read it. */
  readonly value: unknown;
  /** Why the value cannot be read. */
  readonly problem?: string;
}

/** Members of a sorted set that are shown, highest score first. */
const MOST_MEMBERS = 1_000;

async function inspectCommand(
  context: CliContext,
  _options: SharedOptions,
  [key = '']: readonly string[],
): Promise<void> {
  const [{ RedisConnection }, { OPERATOR_TIMEOUTS }] = await Promise.all([
    import('../lambda/redis/connection'),
    import('../lambda/redis/options'),
  ]);
  const connection = new RedisConnection(await redisSource(context.redis()), { timeouts: OPERATOR_TIMEOUTS });
  try {
    const inspection = await connection.run((client) => inspect(client, key));
    if (inspection === undefined) throw new Error(`Redis has no key ${JSON.stringify(key)}.`);
    context.output.result(inspection, () => describe(inspection));
  } finally {
    connection.close();
  }
}

async function inspect(client: RedisClient, key: string): Promise<Inspection | undefined> {
  const [redisType, pttl] = await Promise.all([client.type(key), client.pttl(key)]);
  if (redisType === 'none') return undefined;
  const ttl = pttl < 0 ? null : Math.round(pttl / 1_000);
  const about = { key, redisType, ttl };
  if (redisType === 'zset') return { ...about, ...(await sortedSet(client, key)) };
  if (redisType !== 'string') {
    const problem = 'not a type that this service writes';
    return { ...about, size: 0, format: redisType, value: null, problem };
  }
  const bytes = await client.getBuffer(key);
  return bytes === null ? undefined : { ...about, ...(await stringValue(key, bytes)) };
}

async function sortedSet(
  client: RedisClient,
  key: string,
): Promise<Pick<Inspection, 'size' | 'format' | 'value'>> {
  const flat = await client.zrevrange(key, 0, MOST_MEMBERS - 1, 'WITHSCORES');
  const pairs: [string, number][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([flat[at] ?? '', Number(flat[at + 1])]);
  return { size: await client.zcard(key), format: 'scores', value: Object.fromEntries(pairs) };
}

async function stringValue(
  key: string,
  bytes: Buffer,
): Promise<Omit<Inspection, 'key' | 'redisType' | 'ttl'>> {
  const [{ FORMAT, frameValue, openFrame, UndecodableFrame }, { keys }] = await Promise.all([
    import('../lambda/cache/frames'),
    import('../lambda/names/keys'),
  ]);
  const size = bytes.length;
  // Leases and notes are plain text, everything else is a frame.
  if (key === keys.told || key.endsWith(':lease')) {
    return { size, format: 'text', value: bytes.toString() };
  }
  const format = Object.entries(FORMAT).find(([, first]) => first === bytes[0])?.[0] ?? 'unknown format';
  try {
    const { expiresAt, stamp } = openFrame(key, bytes);
    const about = {
      expiresAt: new Date(expiresAt).toISOString(),
      stamp: stamp.toString(16).padStart(6, '0'),
    };
    const value = frameValue(bytes) ?? null;
    return { size, format: value === null ? 'remembered as unknown' : format, ...about, value };
  } catch (error) {
    if (!(error instanceof UndecodableFrame)) throw error;
    return { size, format, value: null, problem: error.message };
  }
}

function describe({ key, redisType, ttl, size, format, value, problem }: Inspection): string {
  const amount = redisType === 'zset' ? `${size} members` : formatBytes(size);
  const life = ttl === null ? 'no expiry' : `expires in ${ttl} s`;
  const head = `${key}  ${redisType}, ${format}, ${amount}, ${life}`;
  return problem === undefined
    ? `${head}\n${JSON.stringify(value, null, 2)}`
    : `${head}\ncannot be read: ${problem}`;
}
