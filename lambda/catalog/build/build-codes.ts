import type { CodeRecord, Notes } from '../../codes/record';
import { notesOn } from '../../codes/states';
import { CODE_SYSTEMS } from '../../codes/systems';
import { type CodeType } from '../../names/code-types';
import { type BuildStep, carrySources, storeAll } from './build-step';
import { CodeShards } from './code-shards';
import { addReplacements } from './conversions';
import { type NotesEdition, notesInForce, notesOver } from './dated-notes';
import { type Folded, foldEditions, inOrderOfDays } from './editions';
import { editionsAgain } from './former-editions';
import { readNotes } from './build-notes';
import { plannedAddenda, plannedEditions } from './planned-sources';

/** Reads every source of a code system and stores its shards, or takes those of the base. @returns its codes */
export async function addCodes(step: BuildStep, type: CodeType): Promise<CodeShards | undefined> {
  const { base, manifest, sources } = step;
  const inBase = base?.manifest.counts[type] !== undefined;
  const given =
    sources[type].length > 0 ||
    (type === 'icd10' &&
      sources.icd10Notes.length + sources.icd10Addenda.length + sources.icd10Conversion.length > 0);
  if (!given) {
    if (inBase) await carryOver(step, type);
    return undefined;
  }
  const known = inBase ? await base.records(type) : new Map<string, CodeRecord>();
  const { records, conversions, editions } = await folded(step, type, known);
  const firstDay = editions[0]?.from;
  const notes = type === 'icd10' ? await allNotes(step, known, records, firstDay) : [];
  if (type === 'icd10') {
    await addReplacements(step, known, records, conversions);
    manifest.noteEditions = notes.map(({ from }) => from);
  }
  const shards = new CodeShards(type);
  for (const record of records.values()) {
    shards.add({ ...record, ...notesOver(record.code, notes, firstDay) });
  }
  manifest.counts[type] = shards.counts;
  manifest.editions[type] = editions;
  manifest.codesWithNotes += shards.codesWithNotes;
  await storeAll(step, CODE_SYSTEMS[type].name, shards.size, shards.objects(manifest.release));
  return shards;
}

async function folded(
  step: BuildStep,
  type: CodeType,
  known: ReadonlyMap<string, CodeRecord>,
): Promise<Folded> {
  const { base } = step;
  const given = [
    ...(await plannedEditions(step, type)),
    ...(type === 'icd10' ? await plannedAddenda(step) : []),
  ];
  const former = base?.manifest.editions[type] ?? [];
  const kept = former.filter(({ from }) => !given.some((each) => each.from === from));
  carrySources(
    step,
    (kind, from) => (kind === type || kind === `${type}-addenda`) && kept.some((each) => each.from === from),
  );
  return foldEditions(type, inOrderOfDays(type, [...editionsAgain(type, known, former, kept), ...given]));
}

/** Every notes file of the base and of this build, oldest first. */
async function allNotes(
  step: BuildStep,
  known: ReadonlyMap<string, CodeRecord>,
  records: ReadonlyMap<string, CodeRecord>,
  firstDay: string | undefined,
): Promise<NotesEdition[]> {
  const given = await readNotes(step, records);
  const former = step.base?.manifest;
  const formerFirst = former?.editions.icd10?.[0]?.from;
  const kept = (former?.noteEditions ?? []).filter((day) => !given.some(({ from }) => from === day));
  carrySources(step, (kind, from) => kind === 'icd10-notes' && kept.some((day) => day === (from ?? null)));
  const before = kept.map((from): NotesEdition => ({ from, notes: notesIn(known, from, formerFirst) }));
  return notesInForce([...before, ...given], firstDay);
}

/** Notes that were in force from a day on, or from the beginning. */
function notesIn(
  known: ReadonlyMap<string, CodeRecord>,
  from: string | null,
  firstDay: string | undefined,
): NotesEdition['notes'] {
  const notes = new Map<string, Notes>();
  const day = from === null || firstDay === undefined || from <= firstDay ? '' : from;
  for (const [code, record] of known) {
    const own = notesOn(record, day);
    if (own !== undefined) notes.set(code, own);
  }
  return notes;
}

/** Takes a code system of the base over as it is; its sources are not opened. */
async function carryOver(step: BuildStep, type: CodeType): Promise<void> {
  const { base, manifest, writer, host } = step;
  if (base === undefined) return;
  const { counts, editions, noteEditions, codesWithNotes } = base.manifest;
  await base.copy(type, writer, (done, total) =>
    host.onProgress?.({ step: 'carry', subject: CODE_SYSTEMS[type].name, done, total }),
  );
  manifest.counts[type] = counts[type];
  manifest.editions[type] = editions[type];
  if (type === 'icd10') {
    manifest.noteEditions = noteEditions;
    manifest.codesWithNotes += codesWithNotes;
  }
  carrySources(step, (kind) => kind === type || kind.startsWith(`${type}-`));
}
