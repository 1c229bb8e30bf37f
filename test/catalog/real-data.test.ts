import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { diffReleases } from '../../lambda/catalog/publish/release-diff';
import { CatalogReader } from '../../lambda/catalog/read/catalog-reader';
import { requireManifest } from '../../lambda/catalog/stored-manifest';
import { SmallCatalog } from '../support/small-catalog';

const real = process.env.REAL_DATA_DIR;

(real === undefined ? describe.skip : describe)('with the real code files (needs REAL_DATA_DIR)', () => {
  const source = (name: string): string => join(real ?? '', name);
  const space = new SmallCatalog();
  let maxRssMb = 0;

  beforeAll(async () => {
    // In a process of its own, so that its memory is the build's alone.
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      require.resolve('tsx'),
      join(__dirname, 'building-child.ts'),
      space.store.url,
      JSON.stringify({
        icd10: [source('icd10cm-order-2021.txt.gz')],
        icd10Notes: [source('icd10cm-tabular-2021.xml.gz')],
        hcpcs: [source('hcpcs-2016.txt.gz')],
      }),
    ]);
    maxRssMb = Number(stdout) / 1_024;
    await space.publish('2021');
  });
  afterAll(() => space.remove());

  test('a build of ICD-10-CM with its notes and of HCPCS stays below 512 MB', () => {
    expect(maxRssMb).toBeGreaterThan(50);
    expect(maxRssMb).toBeLessThan(512);
  });

  test('the manifest counts what the files hold', async () => {
    const { manifest } = await requireManifest(space.store, '2021');
    expect(manifest.counts).toEqual({
      icd10: { total: 95_358, billable: 72_621, header: 22_737, ended: 0 },
      hcpcs: { total: 5_956, billable: 5_507, header: 0, ended: 449 },
    });
    expect(Object.keys(manifest.objects).filter((key) => key.startsWith('icd10/'))).toHaveLength(1_911);
    expect(manifest.codesWithNotes).toBe(9_228);
    expect(manifest.sources.map(({ skipped }) => skipped)).toEqual([0, 0, 0]);
  });

  test('every code reads back with the texts and flag of its line, in file order', async () => {
    const reader = new CatalogReader(space.store);
    const lines = gunzipSync(readFileSync(source('icd10cm-order-2021.txt.gz')))
      .toString()
      .split('\r\n');
    const byCategory = Map.groupBy(
      lines.filter((line) => line !== ''),
      (line) => line.slice(6, 9),
    );
    expect(byCategory.size).toBe(1_911);
    expect(byCategory.get('S82')).toHaveLength(3_346);
    for (const [category, members] of byCategory) {
      const expected = members.map((line) => ({
        code:
          line.slice(6, 9) +
          line
            .slice(9, 13)
            .trim()
            .replace(/^(?=.)/, '.'),
        description: line.slice(77),
        shortDescription: line.slice(16, 76).trimEnd(),
        billable: line[14] === '1',
      }));
      const listed = await reader.category('2021', 'icd10', category);
      expect(listed).toEqual(expected.map(({ description: _, ...entry }) => entry));
      const records = await reader.records(
        '2021',
        'icd10',
        expected.map(({ code }) => code),
      );
      const read = expected.map(({ code }) => records.get(code));
      expect(read.map((record) => record && { code: record.code, description: record.description })).toEqual(
        expected.map(({ code, description }) => ({ code, description })),
      );
    }
  });

  test('notes of the tabular list stand at their codes', async () => {
    const reader = new CatalogReader(space.store);
    const notes = (await reader.record('2021', 'icd10', 'E11'))?.notes;
    expect(notes?.includes).toContain('diabetes NOS');
    expect(notes?.excludes1).toContain('type 1 diabetes mellitus (E10.-)');
    expect(notes?.useAdditionalCode?.[0]).toBe('code to identify control using:');
    expect((await reader.record('2021', 'icd10', 'B03'))?.notes?.notes).toHaveLength(2);
    expect((await reader.record('2021', 'icd10', 'S82.001A'))?.notes).toBeUndefined();
  });

  test('HCPCS descriptions are whole and dates are those of the code', async () => {
    const reader = new CatalogReader(space.store);
    expect(await reader.record('2021', 'hcpcs', 'A0080')).toMatchObject({
      description:
        'Non-emergency transportation, per mile - vehicle provided by volunteer (individual or organization), with no vested interest',
      validFrom: '1982-01-01',
    });
    expect(await reader.record('2021', 'hcpcs', 'A7011')).toMatchObject({
      validFrom: '2000-01-01',
      validTo: '2015-12-31',
    });
    const { manifest } = await requireManifest(space.store, '2021');
    const letters = Object.keys(manifest.objects).flatMap(
      (key) => /^hcpcs\/categories\/(.)/.exec(key)?.[1] ?? [],
    );
    let terminated = 0;
    for (const letter of letters) {
      const codes = (await reader.category('2021', 'hcpcs', letter)) ?? [];
      const records = await reader.records(
        '2021',
        'hcpcs',
        codes.map(({ code }) => code),
      );
      terminated += [...records.values()].filter((record) => record?.validTo !== undefined).length;
    }
    expect(terminated).toBe(449);
  });

  test('from 2021 to 2022: 159 codes became billable, 32 ceased to be, 30 long descriptions were revised', async () => {
    await space.buildFrom('2022', { icd10: [source('icd10cm-order-2022.txt.gz')] });
    const diff = (await diffReleases(space.store, '2021', '2022')).types.icd10;
    expect(diff).toMatchObject({
      before: { total: 95_358, billable: 72_621 },
      after: { total: 95_524, billable: 72_748 },
      billableAdded: 159,
      billableRemoved: 32,
    });
    expect(diff?.revised).toHaveLength(30);
    expect(diff?.billableChanged).toContainEqual({ code: 'M54.5', billable: false });
  });
});
