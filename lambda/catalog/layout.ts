import type { CodeType } from '../names/code-types';

/** Object keys of the bucket. Nothing else may spell one. */
export const layout = {
  /** Names the live release. */
  pointer: 'catalog/current.json',
  releases: 'catalog/releases/',
  release: (release: string): string => `catalog/releases/${release}/`,
  manifest: (release: string): string => `catalog/releases/${release}/manifest.json`,
  codes: (release: string, type: CodeType, shard: string): string =>
    `catalog/releases/${release}/${type}/${shard}.json.gz`,
  /**
   * The category's list in official order, for systems whose categories span shards (CPT, HCPCS). An ICD-10
   * category is a shard already.
   */
  category: (release: string, type: CodeType, category: string): string =>
    `catalog/releases/${release}/${type}/categories/${category}.json.gz`,
  crosswalk: (release: string, icd10Category: string): string =>
    `catalog/releases/${release}/crosswalk/${icd10Category}.json.gz`,
  teams: 'teams/',
  hotCodes: (teamId: string): string => `teams/${teamId}/hot-codes.json`,
  backups: 'backups/',
} as const;
