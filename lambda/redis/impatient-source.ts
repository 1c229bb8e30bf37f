import { within } from '../names/time-limit';
import { RedisUnavailable } from './failures';
import type { ConnectionSource } from './source';

/** Pause after a failed attempt, milliseconds. */
export const SOURCE_PAUSE = 5_000;

/**
 * A source as lookups ask it. Only the first attempt is waited for, and not for long. While there is no connection
 * string after it, `current` fails at once, and every few seconds has another attempt made beside.
 * @param now milliseconds since the epoch
 * @param patience how long the first attempt is waited for, milliseconds
 */
export function impatientSource(
  source: ConnectionSource,
  now: () => number,
  patience: number,
): ConnectionSource {
  let known: string | undefined;
  let failedAt: number | undefined;
  let asking: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    try {
      known = await source.current();
      return known;
    } catch (error) {
      failedAt = now();
      throw error;
    } finally {
      asking = undefined;
    }
  };
  const late = (): never => {
    failedAt = now();
    throw new RedisUnavailable('secret');
  };
  return {
    async current() {
      if (known !== undefined) return known;
      if (failedAt === undefined) return within((asking ??= ask()), patience, late);
      const since = now() - failedAt;
      // A clock that was set back says nothing of the pause.
      if (asking === undefined && (since < 0 || since >= SOURCE_PAUSE))
        (asking = ask()).catch(() => undefined);
      throw new RedisUnavailable('secret');
    },
    async refresh() {
      known = await source.refresh();
      return known;
    },
  };
}
