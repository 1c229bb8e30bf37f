import {
  type HotCodes,
  type HotCodesDocument,
  type HotCodeStates,
  hotCodeStates,
  listOf,
} from '../hot-codes/hot-codes-document';
import { CODE_TYPES } from '../names/code-types';
import type { LookupCatalog } from './host';

/**
 * A team's list as a release has it. One that was ranked under another release, of a team that has not used anything
 * since, is judged anew: codes that the release does not hold are left out, the others take its descriptions and dates.
 */
export async function listInRelease(
  catalog: Pick<LookupCatalog, 'records'>,
  document: HotCodesDocument,
  release: string,
): Promise<HotCodes> {
  const list = listOf(document);
  if (document.release === release) return list;
  const states = new Map<string, HotCodeStates>();
  for (const type of CODE_TYPES) {
    const wanted = list.codes.filter((each) => each.type === type).map(({ code }) => code);
    if (wanted.length === 0) continue;
    for (const [code, record] of await catalog.records(release, type, wanted)) {
      if (record !== undefined) states.set(`${type} ${code}`, hotCodeStates(record));
    }
  }
  const codes = list.codes
    .flatMap(({ type, code, uses }) => {
      const known = states.get(`${type} ${code}`);
      return known === undefined ? [] : [{ type, code, uses, known }];
    })
    .map(({ type, code, uses, known }, index) => ({ rank: index + 1, type, code, uses, ...known }));
  return { ...list, codes };
}
