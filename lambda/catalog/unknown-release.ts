import { SourceUnavailable } from '../names/errors';

/** A release that the store does not hold: whoever named it was wrong, or it was removed. */
export class UnknownRelease extends SourceUnavailable {
  constructor(release: string) {
    super(`Release ${release} is not in the catalog store.`);
  }
}
