import { resolve } from 'node:path';
import { DEPLOY_HELP, deployArguments } from './deploy/arguments';
import { awsAccess } from './deploy/aws-access';
import { assemblyFolder, cdkCli } from './deploy/cdk-cli';
import { processTerminal, requirePhrase } from './deploy/confirmation';
import { deploy } from './deploy/deployment';
import { getOver } from './deploy/health';
import { consoleReport } from '../cli/terminal/steps';
import { pingRedis } from './deploy/redis-ping';
import { runScript } from './deploy/script';
import { stacksIn } from './deploy/stacks';
import { awsVariables, environmentVariables } from '../lib/config/environment-files';

const ROOT = resolve(__dirname, '..');

void runScript(async () => {
  const options = deployArguments(process.argv.slice(2));
  if (options === undefined) {
    console.log(DEPLOY_HELP);
    return;
  }
  const { environment, yes } = options;
  const { variables, warnings } = environmentVariables(environment, {
    directory: process.cwd(),
    processVariables: process.env,
  });
  for (const warning of warnings) console.log(`warning: ${warning}`);
  // Profile and credentials may stand in the file; the AWS SDK reads them from the process alone.
  Object.assign(process.env, awsVariables(variables));
  await deploy(options, variables, {
    report: consoleReport,
    aws: awsAccess(variables.CDK_DEFAULT_REGION),
    cdk: (given) =>
      cdkCli({ root: ROOT, environment, interactive: processTerminal.interactive && !yes, ...given }),
    ping: pingRedis,
    get: getOver(process.env.AWS_ENDPOINT_URL),
    stacks: () => stacksIn(assemblyFolder(ROOT, environment)),
    confirm: async ({ account, region }) => {
      if (environment !== 'prod') return;
      await requirePhrase(processTerminal, `This deploys prod, account ${account}, ${region}.`, 'prod', yes);
    },
  });
});
