import { TTL } from '../../names/ttl';

/** How long the cache may answer with former values when nobody removes them. */
const LONGEST = `${TTL.code / 60} minutes`;

/** The cache cannot be reached before a publish, so nothing was changed. */
export class CacheUnreachable extends Error {
  constructor(cause: unknown) {
    super(
      `The cache cannot be reached (${reasonOf(cause)}), so nothing was published. Try again when it answers, or pass --no-cache; it may then answer with former values for up to ${LONGEST}.`,
      { cause },
    );
    this.name = 'CacheUnreachable';
  }
}

/** The pointer is switched, but the cache may still hold values of the former release. */
export class CacheNotTold extends Error {
  constructor(release: string, cause: unknown) {
    super(
      `Release ${release} is live, but the cache was not told completely (${reasonOf(cause)}); it may answer with former values for up to ${LONGEST}. Run "catalog publish --release ${release}" again to finish.`,
      { cause },
    );
    this.name = 'CacheNotTold';
  }
}

function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}
