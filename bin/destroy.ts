import { resolve } from 'node:path';
import { confirm } from '../cli/terminal/confirm';
import { runScript } from '../cli/terminal/script';
import { awsVariables, environmentVariables } from '../lib/config/environment-files';
import { environmentConfig } from '../lib/config/environments';
import { checkAccount } from './deploy/account-check';
import { simpleArguments, UNATTENDED } from './deploy/arguments';
import { awsAccess } from './deploy/aws-access';
import { bucketEmptier } from './deploy/bucket-emptier';
import { assemblyFolder, cdkCli } from './deploy/cdk-cli';
import { destroy } from './deploy/destruction';
import { stacksIn } from './deploy/stacks';

const ROOT = resolve(__dirname, '..');

void runScript(async (output) => {
  const { environment, yes } = simpleArguments(process.argv.slice(2));
  const sources = { directory: process.cwd(), processVariables: process.env };
  const { variables } = environmentVariables(environment, sources);
  const config = environmentConfig(environment, variables);
  Object.assign(process.env, awsVariables(variables));
  await destroy(config, {
    output,
    account: () => checkAccount(awsAccess(variables.CDK_DEFAULT_REGION), variables.CDK_DEFAULT_ACCOUNT),
    cdk: (region) => cdkCli({ root: ROOT, environment, variables, region, interactive: false }),
    stacks: () => stacksIn(assemblyFolder(ROOT, environment)),
    emptier: bucketEmptier,
    confirm: (consequence) => confirm(consequence, environment, yes, UNATTENDED),
  });
});
