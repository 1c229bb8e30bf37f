import { resolve } from 'node:path';
import { environmentConfig } from '../lib/environments';
import { simpleArguments } from './deploy/arguments';
import { cdkCli } from './deploy/cdk-cli';
import { runScript } from './deploy/script';
import { awsVariables, environmentVariables } from './environment-files';

const ROOT = resolve(__dirname, '..');

/** What the next deployment of an environment would change. Changes nothing itself. */
void runScript(async () => {
  const { environment } = simpleArguments(process.argv.slice(2));
  const sources = { directory: process.cwd(), processVariables: process.env };
  const { variables } = environmentVariables(environment, sources);
  environmentConfig(environment, variables);
  Object.assign(process.env, awsVariables(variables));
  const region = variables.CDK_DEFAULT_REGION;
  const cdk = cdkCli({ root: ROOT, environment, variables, region, interactive: false });
  await cdk.synth();
  await cdk.diff();
});
