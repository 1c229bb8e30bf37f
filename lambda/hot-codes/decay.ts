/**
 * Time after which a use counts half, milliseconds: 14 days. Long enough for a weekly clinic's codes to stay
 * on top, short enough that last season's leave within two months.
 */
export const HALF_LIFE_MS = 14 * 24 * 3_600_000;

/** Scores below this are noise: one use, eight half-lives ago. */
const FORGOTTEN_BELOW = 1 / 256;

/**
 * Adds new uses to scores that have aged meanwhile: each score halves every half-life, a new use counts one.
 * @param scores decayed uses by member, as of `since`
 * @param uses new uses by member
 * @param elapsedMs time since the scores were taken; a clock that went backwards ages nothing
 * @param keep how many members survive, best first; ties by member so that the result is always the same
 */
export function decayed(
  scores: ReadonlyMap<string, number>,
  uses: ReadonlyMap<string, number>,
  elapsedMs: number,
  keep: number,
): Map<string, number> {
  const factor = 0.5 ** (Math.max(0, elapsedMs) / HALF_LIFE_MS);
  const next = new Map<string, number>();
  for (const [member, score] of scores) next.set(member, score * factor);
  for (const [member, count] of uses) next.set(member, (next.get(member) ?? 0) + count);
  return new Map(
    [...next]
      .filter(([, score]) => score >= FORGOTTEN_BELOW)
      .sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || (a < b ? -1 : 1))
      .slice(0, keep),
  );
}
