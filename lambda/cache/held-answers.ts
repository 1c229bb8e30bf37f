import { SourceUnavailable } from '../names/errors';
import type { Clock } from '../names/clock';
import type { Answer, Entry } from './entry';
import type { Filled } from './fill';
import type { Flights } from './flights';
import type { GuardedRedis } from './guard';
import type { Held, Memory } from './memory';
import type { Outbox } from './outbox';
import { understand } from './reading';
import { type Generation, type ReleaseWatch, UNKNOWN_RELEASE } from './release';
import type { Standby } from './standby';
import type { CacheTelemetry } from '../telemetry/cache-telemetry';
import { MEMORY_SECONDS } from '../names/ttl';

/** What reads of one process share. */
export interface CacheParts {
  readonly memory: Memory;
  readonly flights: Flights;
  readonly watch: ReleaseWatch;
  readonly redis: GuardedRedis;
  readonly standby: Standby;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly telemetry: CacheTelemetry;
}

/**
 * Values of mixed families share a map, but a key belongs to one family: what lies under it is what its entry's
 * `decode` or `load` made.
 */
export function ofEntry<T>(_entry: Entry<T>, _value: unknown): _value is T | undefined {
  return true;
}

/** The answer a value in memory makes. */
export function heldAnswer<T>(
  entry: Entry<T>,
  { value, release }: Held,
  outcome: 'memory' | 'stale',
): Answer<T> | undefined {
  return ofEntry(entry, value) ? { value, outcome, release } : undefined;
}

/** Keeps a value in process memory for 60 s, and never past its own life in Redis. */
export function remember(
  parts: CacheParts,
  key: string,
  filled: Omit<Filled<unknown>, 'outcome' | 'frame'>,
): void {
  const life = Math.min(MEMORY_SECONDS * 1_000, filled.lifeMs);
  const { value, release, tag, bytes } = filled;
  parts.memory.put(key, { value, release, tag, expiresAt: parts.clock.now() + life }, bytes);
}

/**
 * Looks again at a value in memory that has not expired, while the release is due for a check.
 * @returns a `memory` answer when its generation is still live, a `stale` one when neither Redis nor the store tells
 */
export function recheck<T>(
  parts: CacheParts,
  entry: Entry<T>,
  generation: Generation | undefined,
): Answer<T> | undefined {
  const held = parts.memory.any(entry.key);
  if (held === undefined || held.expiresAt <= parts.clock.now()) return undefined;
  if (generation === undefined) return heldAnswer(entry, held, 'stale');
  return held.tag === generation.tag ? heldAnswer(entry, held, 'memory') : undefined;
}

/** Answers by key of what a replica holds while the primary is out; keys it cannot answer for are left out. */
export async function standbyAnswers<T>(
  parts: CacheParts,
  entries: readonly Entry<T>[],
): Promise<Map<string, Answer<T>>> {
  const answers = new Map<string, Answer<T>>();
  const standing = await parts.standby.read(entries.map(({ key }) => key));
  if (standing === undefined) return answers;
  const { generation, readings } = standing;
  entries.forEach((entry, index) => {
    const reading = readings[index];
    const found = reading === undefined ? undefined : understand(entry, reading, parts.telemetry);
    if (found === undefined) return;
    remember(parts, entry.key, { ...found, release: generation.release, tag: generation.tag });
    answers.set(entry.key, { value: found.value, outcome: 'redis', release: generation.release });
  });
  return answers;
}

/**
 * What memory still has when the catalog failed too.
 * @throws the catalog's failure when it has nothing, or when the failure is no outage
 */
export function staleOr<T>(parts: CacheParts, entry: Entry<T>, failure: unknown): Answer<T> {
  const held = failure instanceof SourceUnavailable ? parts.memory.any(entry.key) : undefined;
  const answer = held === undefined ? undefined : heldAnswer(entry, held, 'stale');
  if (answer === undefined) throw failure;
  return answer;
}

/**
 * The tag under which a value read from Redis may stay in memory: the generation known before the read, or what the
 * release key said just before the value was read. Never one learnt later, such as from the store: that may be younger
 * than the value. Empty when there is none.
 * @param text the release key's text where the read took it along, null where it was absent
 */
export function tagOfRead(before: Generation | undefined, text: string | null | undefined): string {
  return before?.tag ?? text ?? '';
}

/** Release id for an answer, whatever is known. */
export function releaseName(generation: Generation | undefined, watch: ReleaseWatch): string {
  return (generation ?? watch.known)?.release ?? UNKNOWN_RELEASE;
}
