import type { Answer } from '../cache/entry';
import type { CategoryEntry } from '../catalog/shards';
import { InvalidRequest } from '../names/errors';
import type { CategoryPage } from './answers';
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

/**
 * A page of a whole list.
 * @throws InvalidRequest naming `cursor` when it belongs to another list, or its code has left this one
 */
export function pageOf(list: readonly CategoryEntry[], request: CategoryRequest): CategoryPage {
  const { type, category, limit, billable } = request;
  const matches = (each: CategoryEntry): boolean => billable === undefined || each.billable === billable;
  const rest = list.slice(startOf(list, request)).filter(matches);
  const codes = rest.slice(0, limit);
  const last = codes.at(-1);
  const more = last !== undefined && rest.length > codes.length;
  return {
    type,
    category,
    total: list.filter(matches).length,
    codes,
    nextCursor: more ? encodeCursor({ type, category, lastCode: last.code }) : null,
  };
}

/** @throws NotInRelease, InvalidRequest */
export async function lookUpCategory(
  host: LookupHost,
  request: CategoryRequest,
): Promise<Answer<CategoryPage>> {
  const { type, category } = request;
  const answer = await host.cache.get(categoryEntryOf(host.catalog, type, category));
  const { value } = answer;
  if (value === undefined) throw new NotInRelease('category', type, category, { ...answer, value });
  return { ...answer, value: pageOf(value, request) };
}
