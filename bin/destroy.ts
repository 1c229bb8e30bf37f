import { resolve } from 'node:path';
import { environmentConfig } from '../lib/config/environments';
import { checkAccount } from './deploy/account-check';
import { simpleArguments } from './deploy/arguments';
import { awsAccess } from './deploy/aws-access';
import { bucketEmptier } from './deploy/bucket-emptier';
import { assemblyFolder, cdkCli } from './deploy/cdk-cli';
import { processTerminal, requirePhrase } from './deploy/confirmation';
import { destroy } from './deploy/destruction';
import { consoleReport } from '../cli/terminal/steps';
import { runScript } from './deploy/script';
import { stacksIn } from './deploy/stacks';
import { awsVariables, environmentVariables } from '../lib/config/environment-files';

const ROOT = resolve(__dirname, '..');

void runScript(async () => {
  const { environment, yes } = simpleArguments(process.argv.slice(2));
  const sources = { directory: process.cwd(), processVariables: process.env };
  const { variables } = environmentVariables(environment, sources);
  const config = environmentConfig(environment, variables);
  Object.assign(process.env, awsVariables(variables));
  await destroy(config, {
    report: consoleReport,
    account: () => checkAccount(awsAccess(variables.CDK_DEFAULT_REGION), variables.CDK_DEFAULT_ACCOUNT),
    cdk: (region) => cdkCli({ root: ROOT, environment, variables, region, interactive: false }),
    stacks: () => stacksIn(assemblyFolder(ROOT, environment)),
    emptier: bucketEmptier,
    confirm: (consequence) => requirePhrase(processTerminal, consequence, environment, yes),
  });
});
