import { equal, match } from 'node:assert/strict';
import { join } from 'node:path';
import type { Step } from '../step';

export const SAMPLE_RELEASE = 'sample-1';

export const publishSample: Step = {
  title: 'the sample is built and published to the deployed bucket by the operator’s command',
  async run({ checkout }) {
    const sample = (name: string): string => join('data/sample', name);
    const where = ['--env', 'dev', '--release', SAMPLE_RELEASE];
    const built = await checkout.npm('codes', [
      ...['catalog', 'build', ...where],
      ...['--icd10', sample('icd10cm-order-sample.txt')],
      ...['--icd10-notes', sample('icd10cm-tabular-sample.xml')],
      ...['--hcpcs', sample('hcpcs-sample.txt')],
      ...['--cpt', sample('cpt/LONGULT.TXT'), sample('cpt/MEDULT.TXT'), sample('cpt/SHORTULT.TXT')],
      ...['--crosswalk', sample('crosswalk.csv')],
    ]);
    equal(built.code, 0, built.output);
    const published = await checkout.npm('codes', ['catalog', 'publish', ...where]);
    equal(published.code, 0, published.output);
    const listed = await checkout.npm('codes', ['catalog', 'list', '--env', 'dev']);
    match(listed.output, /sample-1.*live|live.*sample-1/);
    return undefined;
  },
};
