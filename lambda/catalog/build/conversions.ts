import type { CodeRecord, Replacement } from '../../codes/record';
import { statesOf } from '../../codes/states';
import { type Conversion, readConversionTable } from '../import/conversion-table';
import { SourceFile } from '../import/source-file';
import { type BuildStep, carrySources, progressOf, recordSources, some } from './build-step';

/**
 * Adds to records what takes their place: by conversion tables given now, else by those of the base, and by addenda of
 * either.
 * @param known records of the base
 * @param ofAddenda what the addenda of this build say
 */
export async function addReplacements(
  step: BuildStep,
  known: ReadonlyMap<string, CodeRecord>,
  records: Map<string, CodeRecord>,
  ofAddenda: readonly Conversion[],
): Promise<void> {
  const anew = step.sources.icd10Conversion.length > 0;
  // A table of the base gives way to a new one. What is of the day of addenda may be theirs alone, and stays.
  const amended = step.manifest.sources
    .filter(({ kind }) => kind === 'icd10-addenda')
    .map(({ from }) => from);
  const former = formerConversions(known).filter(({ from }) => !anew || amended.includes(from));
  if (!anew) carrySources(step, (kind) => kind === 'icd10-conversion');
  addConversions(records, [...former, ...(await readConversions(step, records)), ...ofAddenda]);
}

/** Reads conversion tables; what they say of codes that the release does not have is left out, and said. */
async function readConversions(
  step: BuildStep,
  records: ReadonlyMap<string, CodeRecord>,
): Promise<Conversion[]> {
  const conversions: Conversion[] = [];
  for (const path of step.sources.icd10Conversion) {
    const file = await SourceFile.open(path);
    const read = await readConversionTable(file, step.bad, progressOf(step, file.name, file.size));
    const known = read.filter(({ previous, code }) => records.has(previous) && records.has(code));
    recordSources(step, 'icd10-conversion', { format: 'icd10cm-conversion', files: [file] }, known.length);
    const named = new Set(read.flatMap(({ previous, code }) => [previous, code]));
    const unknown = [...named].filter((code) => !records.has(code));
    if (unknown.length > 0) {
      step.warnings.push(
        `${file.name}: ${read.length - known.length} rows about ${unknown.length} codes that the release does not have were left out (${some(unknown)}).`,
      );
    }
    conversions.push(...known);
  }
  return conversions;
}

/** Says in records what takes their place, by day: of those that have an end, or turned header. Nothing replaces others. */
export function addConversions(records: Map<string, CodeRecord>, conversions: readonly Conversion[]): void {
  const byCode = Map.groupBy(conversions, ({ previous }) => previous);
  for (const [previous, all] of byCode) {
    const record = records.get(previous);
    if (record === undefined || !isGone(record)) continue;
    const byDay = Map.groupBy(all, ({ from }) => from);
    const replacedBy = [...byDay]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, each]): Replacement => ({
        from,
        codes: [...new Set(each.map(({ code }) => code))].sort(),
      }));
    records.set(previous, { ...record, replacedBy });
  }
}

/** Whether a code has an end, or was billable and is a header now. */
function isGone(record: CodeRecord): boolean {
  return (
    record.validTo !== undefined || (!record.billable && statesOf(record).some(({ billable }) => billable))
  );
}

function formerConversions(known: ReadonlyMap<string, CodeRecord>): Conversion[] {
  return [...known.values()].flatMap(({ code: previous, replacedBy = [] }) =>
    replacedBy.flatMap(({ from, codes }) => codes.map((code) => ({ previous, code, from }))),
  );
}
