import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BadLines } from '../lambda/catalog/import/import-error';
import { readOrderFile } from '../lambda/catalog/import/order-file';
import { SourceFile } from '../lambda/catalog/import/source-file';
import type { CodeRecord } from '../lambda/codes/record';

const REAL_FILE = 'icd10cm-order-2025.txt.gz';
const SAMPLE = join(__dirname, '..', 'data', 'sample', 'icd10cm-order-sample.txt');

/** Codes of a generated set: about those of the real file. */
const GENERATED = 95_000;

export interface RecordSet {
  /** Where the records are from, for the report. */
  readonly source: string;
  readonly records: readonly CodeRecord[];
}

async function orderFile(path: string): Promise<CodeRecord[]> {
  const records: CodeRecord[] = [];
  for await (const { record } of readOrderFile(await SourceFile.open(path), new BadLines(false))) {
    records.push(record);
  }
  return records;
}

/** Code `index` of `count`, as long as real ones: `A00.000` to `Z99.999` in even steps. */
function generatedCode(index: number, count: number): string {
  const serial = (index * 2_600_000) / count;
  const letter = String.fromCharCode(65 + Math.floor(serial / 100_000));
  const digits = String(Math.floor(serial) % 100_000).padStart(5, '0');
  return `${letter}${digits.slice(0, 2)}.${digits.slice(2)}`;
}

/** Records of invented codes with the sample's texts, so that they are as long and as compressible as real ones. */
export function generatedRecords(texts: readonly CodeRecord[], count = GENERATED): CodeRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const text = texts[index % texts.length];
    if (text === undefined) throw new Error('there are no texts to generate records from');
    const code = generatedCode(index, count);
    return { ...text, code, category: code.slice(0, 3) };
  });
}

/** The real order file of `REAL_DATA_DIR` where there is one, else a generated set of the same shape. */
export async function benchRecords(): Promise<RecordSet> {
  const folder = process.env.REAL_DATA_DIR;
  const real = folder === undefined ? undefined : join(folder, REAL_FILE);
  if (real !== undefined && existsSync(real)) return { source: REAL_FILE, records: await orderFile(real) };
  return { source: 'generated', records: generatedRecords(await orderFile(SAMPLE)) };
}

/** `count` of them, evenly from all, in an order that no neighbour explains and that is the same each time. */
export function picked(records: readonly CodeRecord[], count: number): CodeRecord[] {
  const wanted = Math.min(count, records.length);
  const chosen = Array.from({ length: wanted }, (_, index) => {
    const record = records[Math.floor((index * records.length) / wanted)];
    if (record === undefined) throw new Error('a record was lost');
    return record;
  });
  let seed = 1;
  const drawn = chosen.map((record) => {
    // Park and Miller's minimal standard generator.
    seed = (seed * 48_271) % 2_147_483_647;
    return { record, at: seed };
  });
  return drawn.toSorted((a, b) => a.at - b.at).map(({ record }) => record);
}
