import type { EditionDays } from '../codes/editions';
import { sha256 } from '../store/json-objects';
import type { Manifest } from './manifest';
import type { GoingLive, Pointer } from './pointer';

/** Hexadecimal digits of a stamp. */
const DIGITS = 6;

/**
 * The stamp of a release's next going-live. It follows from what the release holds, so that the same release carries the
 * same one in every environment, and is another one each time while values of an earlier time may still be cached.
 */
export function nextStamp({ objects }: Manifest, recent: readonly GoingLive[]): string {
  const content = Object.entries(objects)
    .map(([key, object]) => `${key} ${object.sha256}`)
    .sort()
    .join('\n');
  const taken = new Set(recent.map(({ stamp }) => stamp));
  for (let time = 0; ; time += 1) {
    const stamp = sha256(Buffer.from(`${content}\n${time}`)).slice(0, DIGITS);
    if (!taken.has(stamp)) return stamp;
  }
}

/** A stamp as caches carry it. */
export function stampNumber(stamp: string): number {
  return Number.parseInt(stamp, 16);
}

/** A pointer as processes that read the cache need it. */
export function liveOf({
  release,
  stamp,
  recent,
  editions,
}: Pick<Pointer, 'release' | 'stamp' | 'recent' | 'editions'>): {
  release: string;
  stamp: number;
  recent: number[];
  editions: EditionDays;
} {
  return {
    release,
    stamp: stampNumber(stamp),
    recent: recent.map((each) => stampNumber(each.stamp)),
    editions,
  };
}
