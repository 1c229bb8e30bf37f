import { NOTE_KINDS, type NoteKind, type Notes } from '../../codes/record';

/** Notes of one kind that a code no longer carries, and those it has not carried before. */
export interface NoteChange {
  kind: NoteKind;
  removed: string[];
  added: string[];
}

/** What changed in a code's notes; kinds in which only the order did are left out. */
export function noteChanges(before: Notes = {}, after: Notes = {}): NoteChange[] {
  return NOTE_KINDS.flatMap((kind) => {
    const [old, current] = [before[kind] ?? [], after[kind] ?? []];
    const removed = without(old, current);
    const added = without(current, old);
    return removed.length + added.length === 0 ? [] : [{ kind, removed, added }];
  });
}

function without(texts: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return texts.filter((text) => !known.has(text));
}
