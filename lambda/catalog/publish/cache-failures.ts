import { TTL } from '../../names/ttl';

/** How long processes may go on with the former release when nobody tells them of a new one. */
const LONGEST = `${TTL.release} seconds`;

/** The cache cannot be reached before a publish, so nothing was changed. */
export class CacheUnreachable extends Error {
  constructor(cause: unknown) {
    super(
      `The cache cannot be reached (${reasonOf(cause)}), so nothing was published. Try again when it answers, or pass --no-cache; lookups then go on with the former release for up to ${LONGEST}, and read everything from the catalog once more.`,
      { cause },
    );
    this.name = 'CacheUnreachable';
  }
}

/** The pointer is switched, but the cache may still hold values of the former release. */
export class CacheNotTold extends Error {
  constructor(release: string, cause: unknown) {
    super(
      `Release ${release} is live, but the cache was not told completely (${reasonOf(cause)}). ${UNFINISHED} Run "catalog publish --release ${release}" again to finish.`,
      { cause },
    );
    this.name = 'CacheNotTold';
  }
}

/** The publish was ended by hand after the pointer was switched. */
export class PublishInterrupted extends Error {
  constructor(release: string, cause: unknown) {
    super(
      `Ended by hand: release ${release} is live, but the cache was not told completely. ${UNFINISHED} Run "catalog publish --release ${release}" again to finish, or "catalog rollback" to go back.`,
      { cause },
    );
    this.name = 'PublishInterrupted';
  }
}

/** What an unfinished publish means: nothing wrong, but slow. */
const UNFINISHED = `Within ${LONGEST} every lookup answers from it; values cached earlier are not believed, so that much is read from the catalog once more.`;

function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}
