import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { ENVIRONMENTS } from '../lambda/names';
import { ConfigError } from '../lib/config-error';
import { environmentConfig } from '../lib/environments';
import { addEnvironment } from '../lib/medical-codes';
import { environmentNamed, environmentVariables } from './environment-files';

const app = new App();

/** The one environment that a script works on; undefined for a plain `cdk synth`, which makes them all. */
const asked: unknown = app.node.tryGetContext('environment');
const only = typeof asked === 'string' ? environmentNamed(asked) : undefined;

try {
  for (const name of only === undefined ? ENVIRONMENTS : [only]) {
    const sources = { directory: resolve(__dirname, '..'), processVariables: process.env };
    const { variables, warnings } = environmentVariables(name, sources);
    const config = environmentConfig(name, variables);
    // The scripts for one environment have said these themselves, before they called the CDK.
    if (only === undefined) {
      for (const warning of [...warnings, ...config.warnings]) console.error(`warning: ${name}: ${warning}`);
    }
    addEnvironment(app, config);
  }
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}
