import type { CategoryEntry, ListedState } from '../catalog/shards';
import { standingOn } from '../codes/states';
import { InvalidRequest } from '../names/errors';
import type { CategoryPage, ListedCode } from './answers';
import { dayAsked, type DatedAnswer, editionFor } from './asked-day';
import { decodeCursor, encodeCursor } from './cursor';
import { categoryEntryOf } from './entries';
import type { LookupHost } from './host';
import type { CategoryRequest } from './questions';
import { NotInRelease } from './not-in-release';

/** Index in the list at which the cursor's page starts. */
function startOf(list: readonly CategoryEntry[], { type, category, cursor }: CategoryRequest): number {
  if (cursor === undefined) return 0;
  const lastCode = decodeCursor(cursor, type, category);
  const index = list.findIndex(({ code }) => code === lastCode);
  if (index >= 0) return index + 1;
  throw new InvalidRequest(
    'cursor',
    `cursor stops at ${lastCode}, which the live release no longer holds; leave it out to start again.`,
  );
}

function listedOn(entry: CategoryEntry, on: string): ListedCode {
  const { state, status } = standingOn<ListedState>(entry, on);
  const { shortDescription, billable, validTo = null } = state;
  return { code: entry.code, shortDescription, billable: status === 'active' && billable, status, validTo };
}

/**
 * A page of a whole list, as it is on a date.
 * @throws InvalidRequest naming `cursor` when it belongs to another list, or its code has left this one
 */
export function pageOf(list: readonly CategoryEntry[], request: CategoryRequest, on: string): CategoryPage {
  const { type, category, limit, billable, status = 'active' } = request;
  const start = startOf(list, request);
  const codes: ListedCode[] = [];
  let total = 0;
  let more = false;
  for (const [index, entry] of list.entries()) {
    const listed = listedOn(entry, on);
    if (status === 'active' && listed.status !== 'active') continue;
    if (billable !== undefined && listed.billable !== billable) continue;
    total += 1;
    if (index < start) continue;
    if (codes.length < limit) codes.push(listed);
    else more = true;
  }
  const last = codes.at(-1);
  return {
    type,
    category,
    total,
    codes,
    nextCursor: more && last !== undefined ? encodeCursor({ type, category, lastCode: last.code }) : null,
  };
}

/** @throws NotInRelease, NoEdition, InvalidRequest */
export async function lookUpCategory(
  host: LookupHost,
  request: CategoryRequest,
): Promise<DatedAnswer<CategoryPage>> {
  const { type, category } = request;
  const answer = await host.cache.get(categoryEntryOf(host.catalog, type, category));
  const { value, outcome, release } = answer;
  const asked = dayAsked(request.on, host.now());
  const edition = editionFor(host.cache.editions(release), type, asked, answer);
  if (value === undefined) {
    throw new NotInRelease('category', type, category, { value, outcome, release, edition });
  }
  return { value: pageOf(value, request, asked.on), outcome, release, edition, goodFor: asked.goodFor };
}
