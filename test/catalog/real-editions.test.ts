import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { BaseRelease } from '../../lambda/catalog/build/base-release';
import type { BuildReport } from '../../lambda/catalog/build/build-release';
import type { CodeRecord } from '../../lambda/codes/record';
import { standingOn, statesOf } from '../../lambda/codes/states';
import { SmallCatalog } from '../support/small-catalog';

const real = process.env.REAL_DATA_DIR;

(real === undefined ? describe.skip : describe)(
  'editions of the real code files (needs REAL_DATA_DIR)',
  () => {
    const source = (name: string): string => join(real ?? '', name);
    const order = (year: number): string => source(`icd10cm-order-${year}.txt.gz`);
    const space = new SmallCatalog();
    let once: BuildReport;
    let records: Map<string, CodeRecord>;

    beforeAll(async () => {
      once = await space.buildFrom('once', { icd10: [order(2025), order(2021), order(2022)] });
      records = await (await BaseRelease.open(space.store, 'once')).records('icd10');
    });
    afterAll(() => space.remove());

    test('three years make 97,863 codes, 211 with more than one state, of 9 in their short text alone', () => {
      expect(once.manifest.counts.icd10).toEqual({
        total: 97_863,
        billable: 74_260,
        header: 23_324,
        ended: 97_863 - 97_584,
      });
      const changed = [...records.values()].filter((record) => statesOf(record).length > 1);
      expect(changed).toHaveLength(211);
      const beyondShortTexts = changed.filter(
        (record) =>
          new Set(statesOf(record).map(({ billable, description }) => `${billable} ${description}`)).size > 1,
      );
      expect(beyondShortTexts).toHaveLength(202);
      expect(once.manifest.editions.icd10).toEqual([
        { from: '2020-10-01', codes: 95_358, billable: 72_621 },
        { from: '2021-10-01', codes: 95_524, billable: 72_748 },
        { from: '2024-10-01', codes: 97_584, billable: 74_260 },
      ]);
    });

    test.each([
      [2021, '2021-06-01'],
      [2022, '2022-06-01'],
      [2025, '2025-06-01'],
    ])(
      'what is in force in the middle of fiscal year %d is its file, line by line and no more',
      (year, day) => {
        const lines = gunzipSync(readFileSync(order(year)))
          .toString()
          .split('\r\n')
          .filter(Boolean);
        const expected = lines.map((line) => {
          const undotted = line.slice(6, 13).trim();
          const code = undotted.length > 3 ? `${undotted.slice(0, 3)}.${undotted.slice(3)}` : undotted;
          return [code, line[14] === '1', line.slice(16, 76).trimEnd(), line.slice(77).trimEnd()].join('|');
        });
        const inForce = [...records.values()].flatMap((record) => {
          const { state, status } = standingOn({ ...record, earlier: record.earlier }, day);
          if (status !== 'active') return [];
          return [[record.code, state.billable, state.shortDescription, state.description].join('|')];
        });
        expect(inForce.toSorted()).toEqual(expected.toSorted());
      },
    );

    test('the 385 billable codes of 2021 that are none in 2025 have ended or turned header', () => {
      const gone = [...records.values()].filter(
        (record) =>
          standingOn(record, '2021-06-01').status === 'active' &&
          standingOn(record, '2021-06-01').state.billable &&
          (record.validTo !== undefined || !record.billable),
      );
      expect(gone).toHaveLength(385);
    });

    test('2025 first and the older years over bases give the same objects', async () => {
      await space.buildFrom('a', { icd10: [order(2025)] });
      await space.buildFrom('b', { icd10: [order(2021)] }, { base: 'a' });
      const last = await space.buildFrom('c', { icd10: [order(2022)] }, { base: 'b' });
      expect(last.manifest.objects).toEqual(once.manifest.objects);
      expect(last.manifest.editions).toEqual(once.manifest.editions);
    });

    test('notes given to a base are those of a build at once', async () => {
      const icd10Notes = [source('icd10cm-tabular-2021.xml.gz')];
      const later = await space.buildFrom('notes', { icd10Notes }, { base: 'once' });
      const both = await space.buildFrom('both', { icd10: [2021, 2022, 2025].map(order), icd10Notes });
      expect(later.manifest.objects).toEqual(both.manifest.objects);
      expect(later.manifest.codesWithNotes).toBe(9_228);
    });

    test("CDC's conversion table says what replaced codes; its 36 rows that are cut short or empty are bad lines", async () => {
      const icd10Conversion = [source('icd10cm-conversion-2016-2026.tsv.gz')];
      await expect(space.buildFrom('x', { icd10Conversion }, { base: 'once' })).rejects.toThrow(
        'it names something that is not an ICD-10-CM code',
      );
      const report = await space.buildFrom('r', { icd10Conversion }, { base: 'once', skipInvalid: true });
      expect(report.skipped.total).toBe(36);
      expect(new Set(report.skipped.listed.map(({ reason }) => reason))).toEqual(
        new Set(['it names something that is not an ICD-10-CM code', 'its previous_code is empty']),
      );
      const replaced = await (await BaseRelease.open(space.store, 'r')).records('icd10');
      expect(replaced.get('M54.5')?.replacedBy).toEqual([
        { from: '2021-10-01', codes: ['M54.50', 'M54.51', 'M54.59'] },
      ]);
      for (const record of replaced.values()) {
        if (record.replacedBy === undefined) continue;
        expect(record.validTo !== undefined || !record.billable).toBe(true);
        for (const { codes } of record.replacedBy)
          expect(codes.filter((code) => !replaced.has(code))).toEqual([]);
      }
    });

    test('449 of the 5,956 HCPCS codes of 2016 have ended', async () => {
      const { manifest } = await space.buildFrom('h', { hcpcs: [source('hcpcs-2016.txt.gz')] });
      expect(manifest.counts.hcpcs).toEqual({ total: 5_956, billable: 5_507, header: 0, ended: 449 });
      expect(manifest.editions.hcpcs?.map(({ from }) => from)).toEqual(['2016-01-01']);
    });
  },
);
