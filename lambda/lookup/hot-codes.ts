import { standingOn } from '../codes/states';
import type { HotCodeState } from '../hot-codes/hot-codes-document';
import type { HotCodesAnswer } from './answers';
import { dayAsked, type DatedAnswer } from './asked-day';
import { hotCodesEntry } from './entries';
import type { LookupHost } from './host';

/** The first `limit` codes of a team's list, as they are on a date; an empty one while the team has none. */
export async function lookUpHotCodes(
  host: LookupHost,
  teamId: string,
  limit: number,
  on?: string,
): Promise<DatedAnswer<HotCodesAnswer>> {
  const { value: list, outcome, release } = await host.cache.get(hotCodesEntry(host, teamId));
  const { generatedAt = null, codes = [] } = list ?? {};
  const asked = dayAsked(on, host.now());
  const listed = codes.slice(0, limit).map((each) => {
    const { state, status } = standingOn<HotCodeState>(each, asked.on);
    const { rank, type, code, uses } = each;
    return { rank, type, code, shortDescription: state.shortDescription, uses, status };
  });
  const value = { teamId, generatedAt, codes: listed };
  return { value, outcome, release, edition: undefined, goodFor: asked.goodFor };
}
