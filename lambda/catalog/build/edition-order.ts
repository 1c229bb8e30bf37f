import type { CodeRecord } from '../../codes/record';

/**
 * Codes of two editions in the newer one's order; a code that only the older has stands behind the one that it stood
 * behind there. Only the order within a category means something, as in the lists that are stored, so a code's
 * neighbours are those of its category.
 */
export function mergedOrder(
  older: ReadonlyMap<string, CodeRecord>,
  newer: ReadonlyMap<string, CodeRecord>,
): string[] {
  const leading = new Map<string, string[]>();
  const behind = new Map<string, string[]>();
  const neighbours = new Map<string, string>();
  for (const { code, category } of older.values()) {
    if (newer.has(code)) {
      neighbours.set(category, code);
      continue;
    }
    const neighbour = neighbours.get(category);
    if (neighbour === undefined) append(leading, category, code);
    else append(behind, neighbour, code);
  }
  const order: string[] = [];
  for (const { code, category } of newer.values()) {
    order.push(...taken(leading, category), code, ...taken(behind, code));
  }
  return [...order, ...[...leading.values()].flat()];
}

function append(lists: Map<string, string[]>, name: string, code: string): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [code]);
  else list.push(code);
}

function taken(lists: Map<string, string[]>, name: string): readonly string[] {
  const list = lists.get(name) ?? [];
  lists.delete(name);
  return list;
}
