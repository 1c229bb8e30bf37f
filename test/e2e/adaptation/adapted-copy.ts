import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADAPTATIONS } from './adaptations';
import type { Template } from './template';

/** One line of the journal: what was changed, where, and in whose copy. */
export interface JournalEntry {
  readonly name: string;
  readonly template: string;
  readonly ids: readonly string[];
}

/** Copies a synthesized assembly and changes in the copy what the emulator cannot hold. Returns the copy. */
export function adaptedCopy(assembly: string, journal: string): string {
  const copy = `${assembly.replace(/\/$/, '')}.adapted`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(assembly, copy, { recursive: true });
  for (const file of readdirSync(copy).filter((name) => name.endsWith('.template.json'))) {
    const path = join(copy, file);
    const template: Template = JSON.parse(readFileSync(path, 'utf8'));
    for (const adaptation of ADAPTATIONS) {
      const ids = adaptation.apply(template);
      if (ids.length === 0) continue;
      record(journal, { name: adaptation.name, template: file, ids });
    }
    writeFileSync(path, JSON.stringify(template, null, 1));
  }
  return copy;
}

export function record(journal: string, entry: JournalEntry): void {
  appendFileSync(journal, `${JSON.stringify(entry)}\n`);
}

export function readJournal(journal: string): JournalEntry[] {
  return readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalEntry);
}
