import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../lambda/store/open-store';
import { CatalogReader } from '../../lambda/catalog/read/catalog-reader';
import { readHotCodes } from '../../lambda/hot-codes/stored-document';
import { parseCode } from '../../lambda/codes/parse';
import { CPT_CATEGORIES } from '../../lambda/codes/systems';
import { ensureSampleCatalog } from '../../local/sample-catalog';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'medical-codes-sample-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('the sample is published with every code system, notes, links and the list of team demo', async () => {
  const { url } = await ensureSampleCatalog(join(directory, 'sample'));
  const store = openStore(url);
  const reader = new CatalogReader(store);
  const { release } = await reader.pointer();
  expect(release).toBe('sample');
  const manifest = await reader.manifest(release);
  expect(manifest.counts).toMatchObject({ icd10: { total: 307 }, cpt: { total: 92 }, hcpcs: { total: 43 } });
  expect(manifest.codesWithNotes).toBeGreaterThan(10);
  expect(await reader.record(release, 'icd10', 'Z00.00')).toMatchObject({ billable: true });
  expect(await reader.record(release, 'cpt', '99213')).toMatchObject({
    category: 'evaluation-and-management',
  });
  expect((await reader.crosswalk(release, 'Z00.00')).length).toBeGreaterThan(5);
  for (const category of CPT_CATEGORIES) {
    expect({ category, codes: (await reader.category(release, 'cpt', category))?.length }).toEqual({
      category,
      codes: expect.any(Number),
    });
  }
  const hot = await readHotCodes(store, 'demo');
  for (const { type, code, shortDescription } of hot?.codes ?? []) {
    expect(await reader.record(release, type, parseCode(type, code))).toMatchObject({
      code,
      shortDescription,
    });
  }
});

test('every CPT text of the sample is invented and says so', () => {
  const folder = join(__dirname, '..', '..', 'data', 'sample', 'cpt');
  for (const name of readdirSync(folder)) {
    const lines = readFileSync(join(folder, name), 'utf8').split('\r\n');
    const codes = lines.filter((line) => /^\d{4}[0-9FTUM][\t ]/.test(line));
    expect(codes).toHaveLength(92);
    expect(codes.filter((line) => !line.slice(6).startsWith('SAMPLE'))).toEqual([]);
  }
});

test('a second call builds nothing, a call after a change of the sample builds again', async () => {
  const target = join(directory, 'sample');
  await ensureSampleCatalog(target);
  const builtAt = (): number => statSync(join(target, 'catalog', 'current.json')).ino;
  const first = builtAt();
  await ensureSampleCatalog(target);
  expect(builtAt()).toBe(first);
  writeFileSync(join(target, '.sample'), 'of another sample');
  await ensureSampleCatalog(target);
  expect(builtAt()).not.toBe(first);
  expect(readdirSync(directory)).toEqual(['sample']);
});

test('several processes may start at one time', async () => {
  const target = join(directory, 'sample');
  await Promise.all([ensureSampleCatalog(target), ensureSampleCatalog(target), ensureSampleCatalog(target)]);
  expect((await new CatalogReader(openStore(`file:${target}`)).pointer()).release).toBe('sample');
  expect(readdirSync(directory)).toEqual(['sample']);
});
