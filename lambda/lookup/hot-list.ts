import { type HotCodes, type HotCodesDocument, listOf } from '../hot-codes/hot-codes-document';
import { CODE_TYPES } from '../names/code-types';
import type { LookupCatalog } from './host';

/**
 * A team's list as a release has it. One that was ranked under another release, of a team that has not used anything
 * since, is judged anew: codes that the release does not hold are left out, the others take its descriptions.
 */
export async function listInRelease(
  catalog: Pick<LookupCatalog, 'records'>,
  document: HotCodesDocument,
  release: string,
): Promise<HotCodes> {
  const list = listOf(document);
  if (document.release === release) return list;
  const descriptions = new Map<string, string>();
  for (const type of CODE_TYPES) {
    const wanted = list.codes.filter((each) => each.type === type).map(({ code }) => code);
    if (wanted.length === 0) continue;
    for (const [code, record] of await catalog.records(release, type, wanted)) {
      if (record !== undefined) descriptions.set(`${type} ${code}`, record.shortDescription);
    }
  }
  const codes = list.codes
    .flatMap((each) => {
      const shortDescription = descriptions.get(`${each.type} ${each.code}`);
      return shortDescription === undefined ? [] : [{ ...each, shortDescription }];
    })
    .map((each, index) => ({ ...each, rank: index + 1 }));
  return { ...list, codes };
}
