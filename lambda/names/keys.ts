import type { CodeType } from './code-types';

/** Every key the app writes to Redis. Nothing else may spell a key. */
export const keys = {
  code: (type: CodeType, code: string): string => `${type}:${code}`,
  category: (type: CodeType, category: string): string => `${type}:category:${category}`,
  hotCodes: (teamId: string): string => `hot:codes:${teamId}`,
  crosswalk: (icd10: string): string => `crosswalk:${icd10}`,
  crosswalkPair: (icd10: string, cpt: string): string => `crosswalk:${icd10}:${cpt}`,
  /** The braces make a cluster put a lease in its key's slot, which the write-back script needs. */
  lease: (key: string): string => `{${key}}:lease`,
  /** Sorted set of `type:code` by uses since the last roll-up. */
  usage: (teamId: string): string => `usage:${teamId}`,
  /** When the monitor last wrote, milliseconds since 1970: how far a replica is behind shows there. */
  beat: 'monitor:beat',
  /** The live release and a mark, so that processes notice a publish without reading S3. */
  release: 'catalog:release',
  /** Stamp of the going-live that this cache was told in full; in the release key's slot. */
  told: '{catalog:release}:told',
} as const;
