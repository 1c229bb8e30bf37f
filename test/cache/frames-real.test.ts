import { join } from 'node:path';
import { frameValue, openFrame } from '../../lambda/cache/frames';
import { keys } from '../../lambda/names/keys';
import { BadLines } from '../../lambda/catalog/import/import-error';
import { readOrderFile } from '../../lambda/catalog/import/order-file';
import { SourceFile } from '../../lambda/catalog/import/source-file';
import { readTabularNotes } from '../../lambda/catalog/import/tabular-notes';
import type { CodeRecord } from '../../lambda/codes/record';
import { frameOf, memoryOf } from './redis-memory';

const real = process.env.REAL_DATA_DIR;
const MB = 1_000_000;

async function records(dir: string): Promise<CodeRecord[]> {
  const bad = new BadLines(false);
  const notes = await readTabularNotes(await SourceFile.open(join(dir, 'icd10cm-tabular-2021.xml.gz')), bad);
  const found: CodeRecord[] = [];
  const order = await SourceFile.open(join(dir, 'icd10cm-order-2021.txt.gz'));
  for await (const { record } of readOrderFile(order, bad)) {
    const own = notes.get(record.code);
    found.push(own === undefined ? record : { ...record, notes: own });
  }
  return found;
}

(real === undefined ? describe.skip : describe)('the whole ICD-10-CM 2021 file (needs REAL_DATA_DIR)', () => {
  let all: CodeRecord[];
  beforeAll(async () => {
    all = await records(real ?? '');
  });

  it('comes back from its frames record by record, notes included', () => {
    expect(all.length).toBe(95_358);
    for (const record of all) {
      const frame = frameOf(record);
      openFrame(keys.code(record.type, record.code), frame);
      const read = frameValue(frame);
      if (JSON.stringify(read) !== JSON.stringify(record)) expect(read).toEqual(record);
    }
  });

  it('fits a 30 MB plan with room to spare, with and without its notes', async () => {
    const bare = all.map(({ notes: _notes, ...record }) => record);
    const withoutNotes = await memoryOf(bare);
    const withNotes = await memoryOf(all);
    process.stderr.write(
      `95,358 records in Redis: ${(withoutNotes / MB).toFixed(1)} MB, with notes ${(withNotes / MB).toFixed(1)} MB\n`,
    );
    expect(withoutNotes).toBeLessThan(20 * MB);
    expect(withNotes).toBeLessThan(24 * MB);
  });
});
