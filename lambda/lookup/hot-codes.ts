import type { Answer } from '../cache/entry';
import type { HotCodesAnswer } from './answers';
import { hotCodesEntry } from './entries';
import type { LookupHost } from './host';

/** The first `limit` codes of a team's list; an empty one while the team has none. */
export async function lookUpHotCodes(
  host: LookupHost,
  teamId: string,
  limit: number,
): Promise<Answer<HotCodesAnswer>> {
  const answer = await host.cache.get(hotCodesEntry(host, teamId));
  const { generatedAt = null, codes = [] } = answer.value ?? {};
  return { ...answer, value: { teamId, generatedAt, codes: codes.slice(0, limit) } };
}
