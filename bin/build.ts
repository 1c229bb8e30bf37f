import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FUNCTIONS } from '../lambda/names/functions';
import { bundleFunction, handlerPath } from '../lib/functions/bundle';
import { measure, overBudget, sizeTable } from './build/sizes';
import { writeOpenApi } from './build/openapi';

const ROOT = resolve(__dirname, '..');

/** Writes `docs/openapi.json`, bundles every function into `dist/<name>/` and prints what each weighs. */
function build(): number {
  // First: the lookup function serves this document from its own bundle.
  console.log(`API description: ${writeOpenApi(ROOT)}`);
  const dist = join(ROOT, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const sizes = FUNCTIONS.filter((name) => existsSync(handlerPath(name))).map((name) => {
    const folder = join(dist, name);
    bundleFunction(name, folder, { sourceMap: true });
    return measure(name, join(folder, 'index.js'));
  });
  console.log(sizeTable(sizes));
  const tooLarge = overBudget(sizes);
  for (const problem of tooLarge) console.error(problem);
  return tooLarge.length === 0 ? 0 : 1;
}

process.exitCode = build();
