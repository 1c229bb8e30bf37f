import type { Crosswalk, CrosswalkPair } from './answers';
import { pairOf } from './answers';
import { dayAsked, type DatedAnswer, editionFor } from './asked-day';
import { crosswalkEntry, crosswalkPairEntry, recordEntry } from './entries';
import type { LookupHost } from './host';
import type { CodeRef } from './questions';
import { ofOneRelease, originOf } from './one-release';
import { NotInRelease } from './not-in-release';

/*
 * Whether the codes exist is read from their own records, beside the links and in the same round trip. A link
 * that remembered "unknown code" would outlive the release in which the code appears.
 */

/** @throws NotInRelease, NoEdition */
export async function lookUpCrosswalk(
  host: LookupHost,
  icd10: string,
  on?: string,
): Promise<DatedAnswer<Crosswalk>> {
  const { cache, catalog } = host;
  const [record, crosswalk] = await ofOneRelease(() =>
    Promise.all([cache.get(recordEntry(catalog, 'icd10', icd10)), cache.get(crosswalkEntry(catalog, icd10))]),
  );
  const found = { value: undefined, ...originOf([record, crosswalk]) };
  const asked = dayAsked(on, host.now());
  const edition = editionFor(cache.editions(found.release), 'icd10', asked, found);
  if (record.value === undefined) throw new NotInRelease('code', 'icd10', icd10, { ...found, edition });
  return { ...found, value: crosswalk.value ?? { icd10, cpts: [] }, edition, goodFor: asked.goodFor };
}

/** @throws NotInRelease, NoEdition */
export async function lookUpCrosswalkPair(
  host: LookupHost,
  icd10: string,
  { type, code }: CodeRef,
  on?: string,
): Promise<DatedAnswer<CrosswalkPair>> {
  const { cache, catalog } = host;
  const [diagnosis, procedure, link] = await ofOneRelease(() =>
    Promise.all([
      cache.get(recordEntry(catalog, 'icd10', icd10)),
      cache.get(recordEntry(catalog, type, code)),
      cache.get(crosswalkPairEntry(catalog, icd10, code)),
    ]),
  );
  const found = { value: undefined, ...originOf([diagnosis, procedure, link]) };
  const asked = dayAsked(on, host.now());
  const editions = cache.editions(found.release);
  const edition = editionFor(editions, 'icd10', asked, found);
  editionFor(editions, type, asked, found);
  if (diagnosis.value === undefined) throw new NotInRelease('code', 'icd10', icd10, { ...found, edition });
  // A release without licensed CPT data still knows links to CPT codes; it cannot say which codes exist.
  const unknown = link.value === undefined && procedure.value === undefined;
  if (unknown && (await catalog.hasType(found.release, type))) {
    throw new NotInRelease('code', type, code, { ...found, edition });
  }
  return { ...found, value: pairOf(icd10, code, link.value), edition, goodFor: asked.goodFor };
}
