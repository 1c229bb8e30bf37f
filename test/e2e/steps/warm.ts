import { equal, match } from 'node:assert/strict';
import { DeployedFunction } from '../functions';
import type { Step } from '../step';
import { buildSample } from './publish-sample';

export const warm: Step = {
  title: 'publishing a release wakes the deployed warmer, which loads what teams use',
  async run({ checkout }) {
    const warmer = await DeployedFunction.find('dev', 'cache-warmer');
    const release = 'sample-2';
    const built = await buildSample(checkout, release);
    equal(built.code, 0, built.output);
    const from = Date.now();
    const published = await checkout.npm('codes', [
      'catalog',
      'publish',
      '--env',
      'dev',
      '--release',
      release,
    ]);
    equal(published.code, 0, published.output);
    const line = await warmer.logged(from, (text) => text.includes('"warmed"') && text.includes(release));
    const inspected = await checkout.npm('codes', ['inspect', 'hot:codes:demo', '--env', 'dev']);
    match(inspected.output, /99213/);
    return line.replace(/^.*?\{/, '{').slice(0, 200);
  },
};
