import { dayBefore } from '../../codes/days';
import type { CodeRecord, CodeState } from '../../codes/record';
import { statesOf, statusOn } from '../../codes/states';
import type { CodeType } from '../../names/code-types';
import type { Edition } from '../manifest';
import type { PlannedEdition } from './editions';
import { textOf } from './state-changes';

/**
 * Editions of a release as if they were given anew, read off the states of its records.
 * @param all every edition of the release
 * @param kept those of them that are wanted
 */
export function editionsAgain(
  type: CodeType,
  records: ReadonlyMap<string, CodeRecord>,
  all: readonly Edition[],
  kept: readonly Edition[],
): PlannedEdition[] {
  const days = all.flatMap(({ from }) => from ?? []);
  return kept.map(({ from }) => ({
    from,
    amends: false,
    read: () =>
      Promise.resolve({
        records: contentOf(records, (record) =>
          from === undefined
            ? statesOf(record).at(-1)
            : type === 'hcpcs'
              ? rowOf(record, days, days.indexOf(from))
              : inForce(record, from),
        ),
      }),
  }));
}

function contentOf(
  known: ReadonlyMap<string, CodeRecord>,
  said: (record: CodeRecord) => CodeState | undefined,
): Map<string, CodeRecord> {
  const content = new Map<string, CodeRecord>();
  for (const record of known.values()) {
    const { type, code, category } = record;
    const state = said(record);
    if (state !== undefined) content.set(code, { type, code, category, ...state });
  }
  return content;
}

/** What an edition said of a code: its state of that day, whose ends are other editions' doing. */
function inForce(record: CodeRecord, day: string): CodeState | undefined {
  const state = statesOf(record).find((each) => statusOn(each, day) === 'active');
  return state && textOf(state);
}

/**
 * What a HCPCS file said of a code, with its own dates. A date that is the day of a later file, or the day before, is
 * left out where the files themselves give it back.
 * @param index of the file's day among `days`, oldest first
 */
function rowOf(record: CodeRecord, days: readonly string[], index: number): CodeState | undefined {
  const states = statesOf(record);
  const next = days[index + 1];
  const place = states.findLastIndex(
    ({ validFrom }) => next === undefined || validFrom === undefined || validFrom < next,
  );
  const state = states[place];
  if (state === undefined) return undefined;
  const { validTo } = state;
  // The first file is none that could have left a code out.
  const leftOutBy =
    validTo === undefined ? -1 : days.findIndex((day, at) => at > 0 && dayBefore(day) === validTo);
  if (leftOutBy > 0 && leftOutBy <= index) return undefined;
  const validFrom = addedOn(states, place);
  const told = validFrom !== undefined && days.indexOf(validFrom) > 0;
  return {
    ...textOf(state),
    validFrom: told ? undefined : validFrom,
    validTo: leftOutBy > 0 ? undefined : validTo,
  };
}

/** Since when a code has been there without a gap. */
function addedOn(states: readonly CodeState[], place: number): string | undefined {
  const validFrom = states[place]?.validFrom;
  const before = states[place - 1]?.validTo;
  if (validFrom === undefined || before !== dayBefore(validFrom)) return validFrom;
  return addedOn(states, place - 1);
}
