import { isDay } from '../../codes/days';
import { csvHeader, readCsv } from './csv-rows';
import { type BadLines, ImportError } from './import-error';
import { diagnosisIn } from './imported-links';
import type { OnBytes, SourceFile } from './source-file';

/** What a code was replaced by, and since when. */
export interface Conversion {
  readonly previous: string;
  readonly code: string;
  readonly from: string;
}

/** Names under which the columns come: CDC's own, and those of public copies. */
const COLUMNS = {
  code: ['current_code', 'current code', 'new code', 'new_code', 'current code assignment', 'code'],
  from: ['effective', 'effective year', 'effective_year', 'effective date', 'effective_date', 'fy'],
  previous: [
    'previous_code',
    'previous code',
    'previous codes',
    'previous code(s) assignment',
    'previous code assignment',
  ],
} as const;

/**
 * CDC's conversion table as CSV or with tabs: new code, when it came into force (a day, or a fiscal year, which begins
 * on 1 October before it), and the code or codes that were used before.
 */
export async function readConversionTable(
  source: SourceFile,
  bad: BadLines,
  onBytes?: OnBytes,
): Promise<Conversion[]> {
  const [head = ''] = await source.head();
  const delimiter = head.includes('\t') ? '\t' : ',';
  const names = csvHeader([head.replaceAll(delimiter, ',')]);
  const [code, from, previous] = [COLUMNS.code, COLUMNS.from, COLUMNS.previous].map((known) =>
    names.find((name) => known.some((each) => each === name)),
  );
  if (code === undefined || from === undefined || previous === undefined) {
    throw new ImportError(
      source.name,
      1,
      'it is not recognised as a conversion table',
      'Give CSV with the header current_code,effective,previous_code.',
    );
  }
  const conversions: Conversion[] = [];
  const columns = { required: [code, from, previous], optional: [] };
  for await (const { line, cells } of readCsv(source, columns, bad, onBytes, delimiter)) {
    const now = diagnosisIn(cells[code] ?? '');
    const since = dayIn(cells[from] ?? '');
    const before = (cells[previous] ?? '').split(/(?:\band\b|[\s,;&])+/i).map(diagnosisIn);
    if (now === undefined || before.some((each) => each === undefined)) {
      bad.reject(source.name, line, 'it names something that is not an ICD-10-CM code');
    } else if (since === undefined) {
      bad.reject(source.name, line, `${JSON.stringify(cells[from])} is neither a day nor a fiscal year`);
    } else {
      for (const each of before) {
        if (each !== undefined && each !== now) conversions.push({ previous: each, code: now, from: since });
      }
    }
  }
  return conversions;
}

/** `20211001`, `2021-10-01`, or the fiscal year `2022`. */
function dayIn(text: string): string | undefined {
  if (/^20\d\d$/.test(text)) return `${Number(text) - 1}-10-01`;
  const day = text.replace(/^(\d{4})-?(\d{2})-?(\d{2})$/, '$1-$2-$3');
  return isDay(day) ? day : undefined;
}
