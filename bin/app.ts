import { App } from 'aws-cdk-lib';
import { EXIT } from '../cli/terminal/failure';
import { ConfigError } from '../lib/config/config-error';
import { environmentConfig } from '../lib/config/environments';
import { addEnvironment } from '../lib/medical-codes';
import { environmentVariables } from '../lib/config/environment-files';
import { selectEnvironments, withoutPresumed } from './app/selection';

try {
  const app = new App();
  const context = (name: string): unknown => app.node.tryGetContext(name);
  const { own, presumed } = withoutPresumed(process.env);
  const { names, processVariables, warnings } = selectEnvironments(
    context('environment') ?? process.env.MEDICAL_CODES_ENV,
    // The scripts name both on the command line, because the CDK CLI overwrites the variables.
    { ...own, ...textIn({ CDK_DEFAULT_ACCOUNT: context('account'), CDK_DEFAULT_REGION: context('region') }) },
  );
  warnings.forEach(warn);
  for (const name of names) {
    const found = environmentVariables(name, {
      // Where the CDK CLI starts the app: beside cdk.json.
      directory: process.cwd(),
      processVariables,
      presumed,
    });
    const config = environmentConfig(name, found.variables);
    [...found.warnings, ...config.warnings.map((text) => `${name}: ${text}`)].forEach(warn);
    addEnvironment(app, config);
  }
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  // Not merely an exit code: an app that is left standing synthesizes by itself at the end.
  process.exit(EXIT.refused);
}

function textIn(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function warn(text: string): void {
  console.error(`warning: ${text}`);
}
