import { isDeepStrictEqual } from 'node:util';
import { dayBefore } from '../../codes/days';
import type { CodeRecord, FormerNotes, Notes } from '../../codes/record';

/** Notes as one file has them, by code. */
export interface NotesEdition {
  /** First day; null where they are in force from the beginning. */
  readonly from: string | null;
  readonly notes: ReadonlyMap<string, Notes>;
}

/** The notes of a code over time, as its record has them. @param editions oldest first */
export function notesOver(
  code: string,
  editions: readonly NotesEdition[],
): Pick<CodeRecord, 'notes' | 'earlierNotes'> {
  const earlierNotes: FormerNotes[] = [];
  let current: Notes | undefined;
  for (const { from, notes } of editions) {
    const next = notes.get(code);
    if (from !== null && !isDeepStrictEqual(current, next)) {
      earlierNotes.push({ until: dayBefore(from), ...(current === undefined ? {} : { notes: current }) });
    }
    current = next;
  }
  return {
    ...(current === undefined ? {} : { notes: current }),
    ...(earlierNotes.length === 0 ? {} : { earlierNotes }),
  };
}
