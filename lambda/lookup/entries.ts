import type { Entry } from '../cache/entry';
import { keys } from '../names/keys';
import { TTL } from '../names/ttl';
import type { CategoryEntry } from '../catalog/shards';
import { type CodeRecord, type CrosswalkLink, ordered } from '../codes/record';
import type { HotCodes } from '../hot-codes/hot-codes-document';
import type { CodeType } from '../names/code-types';
import type { Crosswalk } from './answers';
import { listInRelease } from './hot-list';
import type { LookupCatalog, LookupHost } from './host';

/** Every value that lookups keep in Redis: its key, how long it lives, its shape, and where it comes from. */

export function recordEntry(catalog: LookupCatalog, type: CodeType, code: string): Entry<CodeRecord> {
  return {
    key: keys.code(type, code),
    ttl: TTL.code,
    async load(release) {
      const record = await catalog.record(release, type, code);
      return record === undefined ? undefined : ordered(record);
    },
  };
}

export function categoryEntryOf(
  catalog: LookupCatalog,
  type: CodeType,
  category: string,
): Entry<CategoryEntry[]> {
  return {
    key: keys.category(type, category),
    ttl: TTL.category,
    load: (release) => catalog.category(release, type, category),
  };
}

/** All links of a code. A code without any is remembered only as long as an unknown one: nobody lists those. */
export function crosswalkEntry(catalog: LookupCatalog, icd10: string): Entry<Crosswalk> {
  return {
    key: keys.crosswalk(icd10),
    ttl: TTL.crosswalk,
    async load(release) {
      const cpts = await catalog.crosswalk(release, icd10);
      return cpts.length === 0 ? undefined : { icd10, cpts };
    },
  };
}

/** The link of one pair. Pairs without one are too many to remember for longer than unknown codes. */
export function crosswalkPairEntry(catalog: LookupCatalog, icd10: string, cpt: string): Entry<CrosswalkLink> {
  return {
    key: keys.crosswalkPair(icd10, cpt),
    ttl: TTL.crosswalk,
    load: async (release) => (await catalog.crosswalk(release, icd10)).find((link) => link.cpt === cpt),
  };
}

export function hotCodesEntry(
  host: Pick<LookupHost, 'hotCodes'> & { readonly catalog: Pick<LookupCatalog, 'records'> },
  teamId: string,
): Entry<HotCodes> {
  return {
    key: keys.hotCodes(teamId),
    ttl: TTL.hotCodes,
    async load(release) {
      const document = await host.hotCodes(teamId);
      return document && listInRelease(host.catalog, document, release);
    },
  };
}
