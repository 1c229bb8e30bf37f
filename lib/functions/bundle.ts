import { buildSync } from 'esbuild';
import { join, resolve } from 'node:path';
import type { FunctionName } from '../../lambda/names/functions';

const ROOT = resolve(__dirname, '../..');

/** Where the code of a function begins. */
export function handlerPath(name: FunctionName): string {
  return join(ROOT, 'lambda/functions', name, 'handler.ts');
}

export interface BundleOptions {
  /**
   * Writes `index.js.map` beside the bundle. Off for what is deployed: the map is four times the code, and
   * the same commit builds the same map again when a stack trace must be read.
   */
  sourceMap?: boolean;
}

/**
 * Bundles one function into `<outDir>/index.js`, whose export `handler` Lambda calls. Synchronous, because
 * the CDK bundles while it synthesizes, and needs no Docker. The same sources give the same bytes, so an
 * unchanged function is not deployed again.
 *
 * The AWS SDK is bundled although the runtime carries one: the runtime's version changes under a function
 * without a deployment, and loading it costs more at cold start than the parts a function really uses.
 * @throws BuildFailure of esbuild when the sources do not compile
 */
export function bundleFunction(name: FunctionName, outDir: string, options: BundleOptions = {}): void {
  bundleFile(handlerPath(name), join(resolve(outDir), 'index.js'), options);
}

/** Bundles any file as a function is bundled, so that what is measured is built like what is deployed. */
export function bundleFile(entry: string, outFile: string, options: BundleOptions = {}): void {
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: outFile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // A dependency's ES modules can be tree-shaken, its CommonJS cannot: a fifth off the cold start.
    mainFields: ['module', 'main'],
    minify: true,
    // Errors are logged by their class's name.
    keepNames: true,
    legalComments: 'none',
    sourcemap: options.sourceMap === true ? 'external' : false,
    logLevel: 'warning',
  });
}
