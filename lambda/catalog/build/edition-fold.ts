import { dayBefore } from '../../codes/days';
import type { CodeRecord, CodeState } from '../../codes/record';
import { statesOf, statusOn } from '../../codes/states';

/** A code system's records as one edition has them, in its official order. */
export interface EditionContent {
  /** First day; absent for a lone edition that holds for every date. */
  readonly from: string | undefined;
  readonly records: ReadonlyMap<string, CodeRecord>;
}

/** Takes an edition into what is known so far, all of earlier days. Both stay as they are. */
export type Fold = (
  known: ReadonlyMap<string, CodeRecord>,
  edition: EditionContent,
) => Map<string, CodeRecord>;

/**
 * For systems whose files say what is in force from a day on: a state lasts until the day before the first edition that
 * says something else, or does not have the code any more.
 */
export const foldByEdition: Fold = (known, { from, records }) => {
  if (from === undefined || known.size === 0) return new Map(records);
  return inOrder(known, records, (code, before, now) => {
    if (now === undefined) return before && closed(before, from);
    if (before === undefined) return { ...now, validFrom: from };
    if (before.validTo === undefined && saysTheSame(before, now)) return before;
    return withState(before.validTo === undefined ? closed(before, from) : before, now, { validFrom: from });
  });
};

/**
 * For HCPCS, whose records carry their own dates. A new wording holds from the day of its file; a code that a later file
 * leaves out without a word ended the day before.
 */
export const foldByRecords: Fold = (known, { from, records }) => {
  if (from === undefined || known.size === 0) return new Map(records);
  return inOrder(known, records, (code, before, now) => {
    if (now === undefined) return before && closed(before, from);
    if (before === undefined) return now;
    const { validFrom, validTo } = now;
    const addedAgain = before.validTo !== undefined && validFrom !== undefined && validFrom > before.validTo;
    if (addedAgain) return withState(before, now, { validFrom, validTo });
    const over = validTo !== undefined && validTo < from;
    if (saysTheSame(before, now) || over)
      return { ...before, ...textOf(now), ...daysOf(before.validFrom, validTo) };
    return withState(closed(before, from), now, { validFrom: from, validTo });
  });
};

/** The records that were in force on a day, each with its state of that day alone. */
export function contentOn(known: Iterable<CodeRecord>, day: string | undefined): Map<string, CodeRecord> {
  const content = new Map<string, CodeRecord>();
  for (const record of known) {
    const { type, code, category } = record;
    const states = statesOf(record);
    const state = day === undefined ? states.at(-1) : states.find((each) => statusOn(each, day) === 'active');
    if (state !== undefined) content.set(code, { type, code, category, ...textOf(state) });
  }
  return content;
}

/**
 * Both editions' codes in the newer one's order. What only the older has stands behind the greatest code that is less, a
 * place that does not depend on the order in which editions were added.
 */
function inOrder(
  known: ReadonlyMap<string, CodeRecord>,
  records: ReadonlyMap<string, CodeRecord>,
  merge: (
    code: string,
    before: CodeRecord | undefined,
    now: CodeRecord | undefined,
  ) => CodeRecord | undefined,
): Map<string, CodeRecord> {
  const behind = new Map<string | undefined, string[]>();
  const gone = [...known.keys()].filter((code) => !records.has(code)).sort();
  const sorted = [...records.keys()].sort();
  let at = 0;
  for (const code of gone) {
    while (at < sorted.length && (sorted[at] ?? '') < code) at += 1;
    const neighbour = sorted[at - 1];
    behind.set(neighbour, [...(behind.get(neighbour) ?? []), code]);
  }
  const merged = new Map<string, CodeRecord>();
  const add = (code: string): void => {
    const record = merge(code, known.get(code), records.get(code));
    if (record !== undefined) merged.set(code, record);
  };
  for (const code of behind.get(undefined) ?? []) add(code);
  for (const code of records.keys()) {
    add(code);
    for (const each of behind.get(code) ?? []) add(each);
  }
  return merged;
}

function saysTheSame(a: CodeRecord, b: CodeRecord): boolean {
  return (
    a.billable === b.billable && a.description === b.description && a.shortDescription === b.shortDescription
  );
}

/** A record whose last state has ended by the day before, if it had no end. */
function closed(record: CodeRecord, from: string): CodeRecord {
  return record.validTo === undefined || record.validTo >= from
    ? { ...record, validTo: dayBefore(from) }
    : record;
}

function withState(
  before: CodeRecord,
  now: CodeRecord,
  { validFrom, validTo }: Pick<CodeState, 'validFrom' | 'validTo'>,
): CodeRecord {
  const { type, code, category } = now;
  const earlier = statesOf(before).map((state) => ({
    ...daysOf(state.validFrom, state.validTo),
    ...textOf(state),
  }));
  return { type, code, category, ...textOf(now), ...daysOf(validFrom, validTo), earlier };
}

function textOf({ billable, description, shortDescription }: CodeState) {
  return { billable, description, shortDescription };
}

function daysOf(validFrom: string | undefined, validTo: string | undefined): Partial<CodeState> {
  return {
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
  };
}
