import { resolve } from 'node:path';
import { runScript } from '../cli/terminal/script';
import { awsVariables, environmentVariables } from '../lib/config/environment-files';
import { environmentConfig } from '../lib/config/environments';
import { simpleArguments } from './deploy/arguments';
import { awsAccess } from './deploy/aws-access';
import { cdkCli } from './deploy/cdk-cli';
import { deployedString } from './deploy/redis-check';

const ROOT = resolve(__dirname, '..');

/** What the next deployment of an environment would change. Changes nothing itself. */
void runScript(async () => {
  const { environment } = simpleArguments(process.argv.slice(2));
  const sources = { directory: process.cwd(), processVariables: process.env };
  const { variables } = environmentVariables(environment, sources);
  environmentConfig(environment, variables);
  Object.assign(process.env, awsVariables(variables));
  const region = variables.CDK_DEFAULT_REGION;
  // Without a string a deployment would keep the secret's, and so its address.
  const REDIS_CONNECTION_STRING =
    variables.REDIS_CONNECTION_STRING ?? (await deployedString({ environment }, awsAccess(region)));
  const cdk = cdkCli({
    root: ROOT,
    environment,
    variables: { ...variables, REDIS_CONNECTION_STRING },
    region,
    interactive: false,
  });
  await cdk.synth();
  await cdk.diff();
});
