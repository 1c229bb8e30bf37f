import type { DiffSide } from '../../lambda/catalog/diff/release-diff';
import { parseReleaseId } from '../../lambda/catalog/manifest';
import { isDay } from '../../lambda/codes/days';
import { UsageError } from '../terminal/failure';

/**
 * Reads `2027.1`, `2027.1@2026-10-01` or `@2026-10-01`; a release id has no `@` in it.
 * @throws InvalidRequest, UsageError
 */
export function parseSide(written: string): Partial<DiffSide> {
  const [id = '', ...days] = written.split('@');
  const [on] = days;
  const release = id === '' && on !== undefined ? {} : { release: parseReleaseId(id) };
  if (on === undefined) return release;
  if (days.length === 1 && isDay(on)) return { ...release, on };
  throw new UsageError(
    `After @ stands a day as YYYY-MM-DD, such as ${id}@2026-10-01, not ${JSON.stringify(days.join('@'))}.`,
  );
}
