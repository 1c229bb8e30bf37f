import type { CodeRecord, Replacement } from '../../codes/record';
import { type Conversion, readConversionTable } from '../import/conversion-table';
import { SourceFile } from '../import/source-file';
import { type BuildStep, progressOf, recordSources, some } from './build-step';

/** Reads conversion tables; what they say of codes that the release does not have is left out, and said. */
export async function readConversions(
  step: BuildStep,
  records: ReadonlyMap<string, CodeRecord>,
): Promise<Conversion[]> {
  const conversions: Conversion[] = [];
  for (const path of step.sources.icd10Conversion) {
    const file = await SourceFile.open(path);
    const read = await readConversionTable(file, step.bad, progressOf(step, file.name, file.size));
    const known = read.filter(({ previous }) => records.has(previous));
    recordSources(step, 'icd10-conversion', { format: 'icd10cm-conversion', files: [file] }, known.length);
    const unknown = [
      ...new Set(read.filter(({ previous }) => !records.has(previous)).map(({ previous }) => previous)),
    ];
    if (unknown.length > 0) {
      step.warnings.push(
        `${file.name}: replacements of ${unknown.length} codes that the release does not have were left out (${some(unknown)}).`,
      );
    }
    conversions.push(...known);
  }
  return conversions;
}

/** Adds to records what takes their place, by day. */
export function addConversions(
  records: Map<string, CodeRecord>,
  former: ReadonlyMap<string, readonly Replacement[]>,
  conversions: readonly Conversion[],
): void {
  const found = new Map<string, Map<string, Set<string>>>();
  const add = (previous: string, from: string, code: string): void => {
    const byDay = found.get(previous) ?? new Map<string, Set<string>>();
    found.set(previous, byDay);
    byDay.set(from, (byDay.get(from) ?? new Set()).add(code));
  };
  for (const [previous, each] of former) {
    for (const { from, codes } of each) for (const code of codes) add(previous, from, code);
  }
  for (const { previous, from, code } of conversions) add(previous, from, code);
  for (const [code, byDay] of found) {
    const record = records.get(code);
    if (record === undefined) continue;
    const replacedBy = [...byDay]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, codes]): Replacement => ({ from, codes: [...codes].sort() }));
    records.set(code, { ...record, replacedBy });
  }
}
