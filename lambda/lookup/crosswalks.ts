import type { Answer } from '../cache/entry';
import type { Crosswalk, CrosswalkPair } from './answers';
import { pairOf } from './answers';
import { crosswalkEntry, crosswalkPairEntry, recordEntry } from './entries';
import type { LookupHost } from './host';
import type { CodeRef } from './questions';
import { ofOneRelease, originOf } from './one-release';
import { NotInRelease } from './not-in-release';

/*
 * Whether the codes exist is read from their own records, beside the links and in the same round trip. A link
 * that remembered "unknown code" would outlive the release in which the code appears.
 */

/** @throws NotInRelease */
export async function lookUpCrosswalk(host: LookupHost, icd10: string): Promise<Answer<Crosswalk>> {
  const { cache, catalog } = host;
  const [record, crosswalk] = await ofOneRelease(() =>
    Promise.all([cache.get(recordEntry(catalog, 'icd10', icd10)), cache.get(crosswalkEntry(catalog, icd10))]),
  );
  const found = originOf([record, crosswalk]);
  if (record.value === undefined) {
    throw new NotInRelease('code', 'icd10', icd10, { value: undefined, ...found });
  }
  return { value: crosswalk.value ?? { icd10, cpts: [] }, ...found };
}

/** @throws NotInRelease */
export async function lookUpCrosswalkPair(
  host: LookupHost,
  icd10: string,
  { type, code }: CodeRef,
): Promise<Answer<CrosswalkPair>> {
  const { cache, catalog } = host;
  const [diagnosis, procedure, link] = await ofOneRelease(() =>
    Promise.all([
      cache.get(recordEntry(catalog, 'icd10', icd10)),
      cache.get(recordEntry(catalog, type, code)),
      cache.get(crosswalkPairEntry(catalog, icd10, code)),
    ]),
  );
  const found = originOf([diagnosis, procedure, link]);
  if (diagnosis.value === undefined) {
    throw new NotInRelease('code', 'icd10', icd10, { value: undefined, ...found });
  }
  // A release without licensed CPT data still knows links to CPT codes; it cannot say which codes exist.
  const unknown = link.value === undefined && procedure.value === undefined;
  if (unknown && (await catalog.hasType(found.release, type))) {
    throw new NotInRelease('code', type, code, { value: undefined, ...found });
  }
  return { value: pairOf(icd10, code, link.value), ...found };
}
