import { spawnSync } from 'node:child_process';
import { adaptedCopy } from './adapted-copy';

/**
 * Stands in for the CDK CLI on the path of the test's npm scripts. It hands every call to the real one; where a
 * synthesized assembly is to be deployed, that of the adapted copy.
 */
const words = process.argv.slice(2);
const { E2E_REAL_CDK: real, E2E_JOURNAL: journal } = process.env;
if (real === undefined || journal === undefined) throw new Error('only the end-to-end test calls this');

const app = words.indexOf('--app') + 1;
const assembly = app === 0 ? undefined : words[app];
if (assembly !== undefined) words[app] = adaptedCopy(assembly, journal);

const { status, signal } = spawnSync(real, words, { stdio: 'inherit' });
process.exitCode = signal === null ? (status ?? 1) : 1;
