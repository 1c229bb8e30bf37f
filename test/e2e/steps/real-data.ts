import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Step } from '../step';
import { deployedApi } from '../world';

const RELEASE = '2021.1';
const SAMPLES = 600;
const BATCH = 200;

export const realData: Step = {
  title: 'the official ICD-10-CM file of 2021 is published over the sample and read back',
  async run(world) {
    const data = process.env.REAL_DATA_DIR;
    if (data === undefined) return 'skipped: REAL_DATA_DIR is not set';
    const { checkout, issuer } = world;
    const api = deployedApi(world);
    const file = join(data, 'icd10cm-order-2021.txt.gz');
    const where = ['--env', 'dev', '--release', RELEASE];
    const built = await checkout.npm('codes', ['catalog', 'build', ...where, '--icd10', file]);
    equal(built.code, 0, built.output);
    const published = await checkout.npm('codes', ['catalog', 'publish', ...where]);
    equal(published.code, 0, published.output);
    // What a process may still hold of the former release; publishing has waited already.
    await sleep(500);

    const lines = gunzipSync(readFileSync(file)).toString('latin1').split(/\r?\n/).filter(Boolean);
    const token = issuer.token({ teamId: 'demo' });
    const step = Math.floor(lines.length / SAMPLES);
    const expected = Array.from({ length: SAMPLES }, (_, index) => recordOf(lines[index * step] ?? ''));
    for (let from = 0; from < SAMPLES; from += BATCH) {
      const part = expected.slice(from, from + BATCH);
      const codes = part.map(({ code }) => ({ type: 'icd10', code }));
      const answer = await api.call('/v1/codes/batch', { method: 'POST', token, body: { codes } });
      equal(answer.status, 200, answer.text);
      equal(answer.headers['x-catalog-release'], RELEASE);
      const results = answer.json.results as { record?: Record<string, unknown> }[];
      const read = results.map(({ record = {} }) => ({
        code: String(record.code).replace('.', ''),
        billable: record.billable,
        shortDescription: record.shortDescription,
        description: record.description,
      }));
      deepEqual(read, part);
    }
    const category = await api.call('/v1/icd10/categories/S82?limit=1', { token });
    equal(category.json.total, 3346);
    const gone = await api.call('/v1/cpt/99213', { token });
    equal(gone.status, 404, 'a code of the former release is still answered');
    ok(lines.length > 95_000);
    return `${lines.length} lines built, ${SAMPLES} of them compared`;
  },
};

/** One line of the order file: fixed columns. */
function recordOf(line: string): Record<string, unknown> {
  return {
    code: line.slice(6, 13).trim(),
    billable: line[14] === '1',
    shortDescription: line.slice(16, 76).trim(),
    description: line.slice(77).trim(),
  };
}
