import { resolve } from 'node:path';
import { confirm, isInteractive } from '../cli/terminal/confirm';
import { runScript } from '../cli/terminal/script';
import { awsVariables, environmentVariables } from '../lib/config/environment-files';
import { DEPLOY_HELP, deployArguments, UNATTENDED } from './deploy/arguments';
import { awsAccess } from './deploy/aws-access';
import { assemblyFolder, cdkCli } from './deploy/cdk-cli';
import { deploy } from './deploy/deployment';
import { getOver } from './deploy/health';
import { pingRedis } from './deploy/redis-ping';
import { stacksIn } from './deploy/stacks';

const ROOT = resolve(__dirname, '..');

void runScript(async (output) => {
  const options = deployArguments(process.argv.slice(2));
  if (options === undefined) {
    output.note(DEPLOY_HELP);
    return;
  }
  const { environment, yes } = options;
  const { variables, warnings } = environmentVariables(environment, {
    directory: process.cwd(),
    processVariables: process.env,
  });
  for (const warning of warnings) output.warn(warning);
  // Profile and credentials may stand in the file; the AWS SDK reads them from the process alone.
  Object.assign(process.env, awsVariables(variables));
  await deploy(options, variables, {
    output,
    aws: awsAccess(variables.CDK_DEFAULT_REGION),
    cdk: (given) => cdkCli({ root: ROOT, environment, interactive: isInteractive() && !yes, ...given }),
    ping: pingRedis,
    get: getOver(process.env.AWS_ENDPOINT_URL),
    stacks: () => stacksIn(assemblyFolder(ROOT, environment)),
    confirm: async ({ account, region }) => {
      if (environment !== 'prod') return;
      await confirm(`This deploys prod, account ${account}, ${region}.`, 'prod', yes, UNATTENDED);
    },
  });
});
