import { equal, match } from 'node:assert/strict';
import { join } from 'node:path';
import type { Checkout, Ran } from '../checkout';
import type { Step } from '../step';

export const SAMPLE_RELEASE = 'sample-1';

/** Builds a release of the sample in the bucket of dev. */
export function buildSample(checkout: Checkout, release: string): Promise<Ran> {
  const sample = (name: string): string => join('data/sample', name);
  return checkout.npm('codes', [
    ...['catalog', 'build', '--env', 'dev', '--release', release],
    ...['--icd10', sample('icd10cm-order-sample.txt')],
    ...['--icd10-notes', sample('icd10cm-tabular-sample.xml')],
    ...['--hcpcs', sample('hcpcs-sample.txt')],
    ...['--cpt', sample('cpt/LONGULT.TXT'), sample('cpt/MEDULT.TXT'), sample('cpt/SHORTULT.TXT')],
    ...['--crosswalk', sample('crosswalk.csv')],
  ]);
}

export const publishSample: Step = {
  title: 'the sample is built and published to the deployed bucket by the operator’s command',
  async run({ checkout }) {
    const built = await buildSample(checkout, SAMPLE_RELEASE);
    equal(built.code, 0, built.output);
    const words = ['catalog', 'publish', '--env', 'dev', '--release', SAMPLE_RELEASE];
    const published = await checkout.npm('codes', words);
    equal(published.code, 0, published.output);
    const listed = await checkout.npm('codes', ['catalog', 'list', '--env', 'dev']);
    match(listed.output, /sample-1.*live|live.*sample-1/);
    return undefined;
  },
};
