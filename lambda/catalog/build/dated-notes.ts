import { isDeepStrictEqual } from 'node:util';
import { dayBefore } from '../../codes/days';
import type { CodeRecord, FormerNotes, Notes } from '../../codes/record';

/** Notes as one file has them, by code. */
export interface NotesEdition {
  /** First day; null where nobody tells, and then they are in force from the beginning. */
  readonly from: string | null;
  readonly notes: ReadonlyMap<string, Notes>;
}

/**
 * Notes in order of their days. Of those whose day is not after the first edition's, the last are in force from the
 * beginning; what came before them is no date's answer, and is left out.
 * @param firstDay of the codes' first edition, where it is dated
 */
export function notesInForce(
  editions: readonly NotesEdition[],
  firstDay: string | undefined,
): NotesEdition[] {
  const ordered = editions.toSorted((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  const first = ordered.findLastIndex((each) => fromTheBeginning(each, firstDay));
  return first === -1 ? ordered : ordered.slice(first);
}

/** Whether notes are in force from the beginning. */
function fromTheBeginning({ from }: NotesEdition, firstDay: string | undefined): boolean {
  return from === null || firstDay === undefined || from <= firstDay;
}

/**
 * The notes of a code over time, as its record has them.
 * @param editions in force one after the other, oldest first
 */
export function notesOver(
  code: string,
  editions: readonly NotesEdition[],
  firstDay: string | undefined,
): Pick<CodeRecord, 'notes' | 'earlierNotes'> {
  const earlierNotes: FormerNotes[] = [];
  let current: Notes | undefined;
  for (const edition of editions) {
    const { from, notes } = edition;
    const next = notes.get(code);
    if (from !== null && !fromTheBeginning(edition, firstDay) && !isDeepStrictEqual(current, next)) {
      earlierNotes.push({ until: dayBefore(from), ...(current === undefined ? {} : { notes: current }) });
    }
    current = next;
  }
  return {
    ...(current === undefined ? {} : { notes: current }),
    ...(earlierNotes.length === 0 ? {} : { earlierNotes }),
  };
}
