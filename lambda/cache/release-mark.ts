import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { editionDaysSchema } from '../codes/editions';
import { keys } from '../names/keys';
import { TTL } from '../names/ttl';
import { connectionOf, type RedisClient } from '../redis/connection';
import { bytesReplies, listReply } from '../redis/replies';
import { encodeFrame, frameValue, openFrame } from './frames';
import type { Generation } from './generation';
import { runScript, script } from './script';

/** A going-live as the catalog's pointer records it. */
export type LiveRelease = Pick<Generation, 'release' | 'stamp' | 'recent' | 'editions'>;

const markSchema = z.object({
  release: z.string(),
  stamp: z.int(),
  recent: z.array(z.int()),
  editions: editionDaysSchema,
  told: z.boolean(),
  mark: z.string(),
});

/** A text of the release key, with all that it says. */
function markText(live: LiveRelease, told: boolean, now: number): Buffer {
  const { release, stamp, recent, editions } = live;
  // Unique whoever writes it: what was read under one mark is never taken for read under another.
  const mark = randomBytes(9).toString('base64url');
  const expiresAt = now + TTL.release * 1_000;
  const said = { release, stamp, recent, editions, told, mark };
  return encodeFrame(keys.release, said, { expiresAt, stamp, plain: true });
}

/** The release key's bytes beside the cache's own note, read in one instant; null where absent, or of another type. */
export interface ReadMark {
  readonly text: unknown;
  /** Stamp of the going-live that this cache was told in full. */
  readonly note: unknown;
}

/** The same, with the connection that it came over. */
export interface HeardMark extends ReadMark {
  readonly over: unknown;
}

/** Reads the release key and the note beside it. */
export async function readMark(client: RedisClient): Promise<HeardMark> {
  const [text, note] = bytesReplies(await client.mgetBuffer(keys.release, keys.told), 2);
  return { text, note, over: connectionOf(client) };
}

/**
 * What the release key says; undefined for what no publish and no reader wrote, for what has outlived its minute, and
 * for what the note beside it contradicts: a cache that was told of a later release cannot be at an earlier one, however
 * the key came by that.
 */
export function parseMark({ text, note }: ReadMark, now: number): Generation | undefined {
  if (!Buffer.isBuffer(text)) return undefined;
  try {
    const { expiresAt } = openFrame(keys.release, text);
    if (expiresAt <= now) return undefined;
    const { mark, ...generation } = z.parse(markSchema, frameValue(text));
    const told = Buffer.isBuffer(note) ? Number(note.toString()) : generation.stamp;
    return generation.recent.includes(told) ? { ...generation, tag: mark } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes the release key if it still says what it said when the writer looked. The deadline is the server's time, so
 * that a writer that slept meanwhile (a laptop's lid, a frozen process) changes nothing on waking. A cache keeps for
 * itself which going-live it was told in full, in the same stream as the removals: a copy of it that missed some, such
 * as a replica that was behind, misses that note too.
 */
const MARK = script(`local clock = redis.call('TIME')
if clock[1] * 1000 + clock[2] / 1000 > tonumber(ARGV[6]) then return 'late' end
local current = redis.pcall('GET', KEYS[1])
if type(current) ~= 'string' then current = '' end
if current ~= ARGV[1] then return 'changed' end
if ARGV[5] ~= '' then redis.call('SET', KEYS[2], ARGV[4], 'EX', ARGV[5]) end
local told = redis.pcall('GET', KEYS[2])
if told and (type(told) ~= 'string' or not string.find(ARGV[8], ' ' .. told .. ' ', 1, true)) then
  redis.call('DEL', KEYS[2])
end
if told == ARGV[4] then
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[7])
  return 'told'
end
redis.call('SET', KEYS[1], ARGV[3], 'EX', ARGV[7])
return 'untold'`);

/** How long a writer may take between its look at the release key and its write, milliseconds. */
const MARK_WITHIN = 10_000;

/** The release key as it is, and until when a write may rely on that. */
export interface MarkLook extends HeardMark {
  /** The server's time, milliseconds since 1970. */
  readonly deadline: number;
}

const NOTHING = Buffer.alloc(0);

/** The server's clock, milliseconds since 1970. */
function milliseconds(time: unknown): number {
  const [seconds, microseconds] = listReply(time, 2);
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}

/** Looks at the release key before a write of it. */
export async function lookAtMark(client: RedisClient): Promise<MarkLook> {
  const [mark, time] = await Promise.all([readMark(client), client.time()]);
  return { ...mark, deadline: milliseconds(time) + MARK_WITHIN };
}

/**
 * Marks the live release, provided that nobody else has marked one since the look.
 * @param finish says that everything that changed has been removed from this cache
 * @returns what the key says now; undefined when somebody was faster, or too much time has passed
 */
export async function writeMark(
  client: RedisClient,
  look: MarkLook,
  live: LiveRelease,
  now: number,
  finish = false,
): Promise<Generation | undefined> {
  const told = markText(live, true, now);
  const untold = markText(live, false, now);
  const answer = await runScript(
    client,
    MARK,
    [keys.release, keys.told],
    [
      Buffer.isBuffer(look.text) ? look.text : NOTHING,
      told,
      untold,
      String(live.stamp),
      finish ? TTL.told : '',
      look.deadline,
      TTL.release,
      // A note that names none of these says nothing, and goes.
      ` ${live.recent.join(' ')} `,
    ],
  );
  const written = answer === 'told' ? told : answer === 'untold' ? untold : null;
  return parseMark({ text: written, note: null }, now);
}
