import type { Invalidation } from '../../cache/invalidate';

/** The cache's side of a publish; Invalidation is one. Every method throws when Redis does not answer. */
export type CacheInvalidation = Pick<
  Invalidation,
  'id' | 'toldStamp' | 'server' | 'announce' | 'remove' | 'finish' | 'grace'
>;

/** How far a publish is: objects verified, shards compared, keys removed. */
export interface PublishProgress {
  step: 'verify' | 'compare' | 'remove';
  done: number;
  total: number;
}

export interface PublishHost {
  readonly now: () => Date;
  /** Undefined when no cache is to be told. */
  cache: CacheInvalidation | undefined;
  readonly onProgress?: (progress: PublishProgress) => void;
  /** Ends the publish between two steps, e.g. on Ctrl-C. */
  signal?: AbortSignal;
}
