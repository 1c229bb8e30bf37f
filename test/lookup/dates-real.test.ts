import { join } from 'node:path';
import { BaseRelease } from '../../lambda/catalog/build/base-release';
import { readManifest } from '../../lambda/catalog/stored-manifest';
import type { CodeRecord } from '../../lambda/codes/record';
import { type RedisServer, startRedisServer } from '../../local/redis-server';
import { memoryOf } from '../cache/redis-memory';
import { SmallCatalog } from '../support/small-catalog';
import { type OrderFileCode, orderFileCodes } from './order-file-codes';
import { RunningService } from './running-service';

const real = process.env.REAL_DATA_DIR;

interface Answered {
  found: boolean;
  error?: { code: string };
  record: OrderFileCode & {
    status: string;
    validFrom: string | null;
    validTo: string | null;
    replacedBy?: string[];
  };
}

(real === undefined ? describe.skip : describe)(
  'three years of ICD-10-CM in one release (needs REAL_DATA_DIR)',
  () => {
    const file = (name: string): string => join(real ?? '', name);
    const order = (year: number): string => file(`icd10cm-order-${year}.txt.gz`);
    const NOTES = { icd10Notes: [file('icd10cm-tabular-2021.xml.gz')] };
    const catalog = new SmallCatalog();
    const years = new Map<number, Map<string, OrderFileCode>>();
    let redis: RedisServer;
    let service: RunningService;
    let all: string[];

    beforeAll(async () => {
      for (const year of [2021, 2022, 2025]) {
        years.set(year, new Map(orderFileCodes(order(year)).map((each) => [each.code, each])));
      }
      all = [...new Set([...years.values()].flatMap((codes) => [...codes.keys()]))];
      redis = await startRedisServer();
      const conversion = [file('icd10cm-conversion-2016-2026.tsv.gz')];
      await catalog.buildFrom(
        'dated',
        { icd10: [order(2025), order(2021), order(2022)], ...NOTES, icd10Conversion: conversion },
        { skipInvalid: true },
      );
      await catalog.publish('dated');
      service = new RunningService(catalog.store, redis.connectionString);
    });
    afterAll(async () => {
      await service.close();
      await redis.stop();
      catalog.remove();
    });

    async function askAll(on: string): Promise<Map<string, Answered>> {
      const answers = new Map<string, Answered>();
      for (let from = 0; from < all.length; from += 200) {
        const chunk = all.slice(from, from + 200).map((code) => ({ type: 'icd10', code }));
        const response = await service.batch(chunk, {}, on);
        expect(response.status).toBe(200);
        const { results } = (await response.json()) as { results: (Answered & { code: string })[] };
        for (const result of results) answers.set(result.code, result);
      }
      return answers;
    }

    /** First and last day on which the files say the same of a code as in one of them. */
    function validity(code: string, year: number): [string | null, string | null] {
      const DAYS = [
        [2021, null, '2021-09-30'],
        [2022, '2021-10-01', '2024-09-30'],
        [2025, '2024-10-01', null],
      ] as const;
      const said = DAYS.map(([each]) => JSON.stringify(years.get(each)?.get(code)));
      let first = DAYS.findIndex(([each]) => each === year);
      let last = first;
      while (first > 0 && said[first - 1] === said[first]) first -= 1;
      while (last < 2 && said[last + 1] === said[last]) last += 1;
      return [DAYS[first]?.[1] ?? null, DAYS[last]?.[2] ?? null];
    }

    test.each([
      ['2021-06-01', 2021],
      ['2022-06-01', 2022],
      ['2025-06-01', 2025],
    ])('every one of 97,863 codes is on %s as the file of %d has it', async (on, year) => {
      expect(all).toHaveLength(97_863);
      const rows = years.get(year);
      const wrong: unknown[] = [];
      for (const [code, { found, record }] of await askAll(on)) {
        const row = rows?.get(code);
        if (row === undefined) {
          if (!found || record.status === 'active' || record.billable) wrong.push([code, record]);
          continue;
        }
        const { billable, shortDescription, description, status, validFrom, validTo } = record;
        const said = {
          code,
          billable,
          shortDescription,
          description,
          status,
          validity: [validFrom, validTo],
        };
        const expected = { ...row, status: 'active', validity: validity(code, year) };
        if (JSON.stringify(said) !== JSON.stringify({ ...expected })) {
          try {
            expect(said).toEqual(expected);
          } catch {
            wrong.push([said, expected]);
          }
        }
      }
      expect(wrong).toEqual([]);
    });

    test('before the first edition nothing is known, whatever the code', async () => {
      for (const { found, error } of (await askAll('2020-09-30')).values()) {
        if (found || error?.code !== 'NO_EDITION') expect({ found, error }).toEqual('NO_EDITION');
      }
    });

    test('each of the 385 billable codes of 2021 that are not billable in 2025 says why', async () => {
      const lost = [...(years.get(2021)?.values() ?? [])].filter(
        ({ code, billable }) => billable && years.get(2025)?.get(code)?.billable !== true,
      );
      expect(lost).toHaveLength(385);
      const answers = await askAll('2025-06-01');
      const reasons = { ended: 0, header: 0, replaced: 0 };
      for (const { code } of lost) {
        const record = answers.get(code)?.record;
        expect([code, record?.billable]).toEqual([code, false]);
        if (record?.status === 'ended') reasons.ended += 1;
        else if (record?.status === 'active' && record.validFrom !== null) reasons.header += 1;
        if (record?.replacedBy !== undefined) reasons.replaced += 1;
      }
      expect(reasons.ended + reasons.header).toBe(385);
      expect(reasons.replaced).toBeGreaterThan(300);
    });

    test('M54.5 is billable to the end of September 2021, then a header with codes in its place', async () => {
      const on = async (day: string): Promise<unknown> =>
        (await service.get(`/v1/icd10/M54.5?on=${day}`)).json();
      expect(await on('2021-09-30')).toMatchObject({
        billable: true,
        validFrom: null,
        validTo: '2021-09-30',
      });
      expect(await on('2021-10-01')).toMatchObject({
        billable: false,
        status: 'active',
        validFrom: '2021-10-01',
        validTo: null,
        replacedBy: ['M54.50', 'M54.51', 'M54.59'],
      });
    });

    test('editions added one by one, in another order, make the same objects', async () => {
      await catalog.buildFrom('at-once', { icd10: [order(2021), order(2022), order(2025)], ...NOTES });
      await catalog.buildFrom('first', { icd10: [order(2025)] });
      await catalog.buildFrom('second', { icd10: [order(2021)], ...NOTES }, { base: 'first' });
      await catalog.buildFrom('third', { icd10: [order(2022)] }, { base: 'second' });
      const manifests = await Promise.all(
        ['at-once', 'third'].map(async (release) => (await readManifest(catalog.store, release))?.manifest),
      );
      const [atOnce, third] = manifests;
      expect(third?.counts).toEqual(atOnce?.counts);
      expect(third?.editions).toEqual(atOnce?.editions);
      expect(third?.objects).toEqual(atOnce?.objects);
    });

    test('their history costs less than 8 % of Redis memory', async () => {
      await catalog.buildFrom('2021', { icd10: [order(2021)], ...NOTES });
      const records = async (release: string): Promise<CodeRecord[]> => [
        ...(await (await BaseRelease.open(catalog.store, release)).records('icd10')).values(),
      ];
      const dated = await records('dated');
      const several = all.filter((code) => {
        const said = [...years.values()].flatMap((codes) => codes.get(code) ?? []);
        return new Set(said.map((row) => JSON.stringify(row))).size > 1;
      });
      expect(dated.flatMap(({ code, earlier }) => (earlier === undefined ? [] : [code])).sort()).toEqual(
        several.sort(),
      );
      expect(several).toHaveLength(211);
      // Every fifth code of all is enough for a ratio.
      const sample = new Set(all.filter((_, index) => index % 5 === 0));
      const sampled = (from: readonly CodeRecord[]): CodeRecord[] =>
        from.filter(({ code }) => sample.has(code));
      const one = await memoryOf(sampled(await records('2021')));
      const three = await memoryOf(sampled(dated));
      process.stderr.write(
        `Redis memory of three editions with notes: ${(three / one).toFixed(3)} times one\n`,
      );
      expect(three / one).toBeLessThan(1.08);
    });
  },
);
