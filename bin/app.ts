import { App } from 'aws-cdk-lib';
import { ConfigError } from '../lib/config/config-error';
import { environmentConfig } from '../lib/config/environments';
import { addEnvironment } from '../lib/medical-codes';
import { selectEnvironments } from './app/selection';
import { environmentVariables } from '../lib/config/environment-files';

/** Bad input, as in every command of this project. */
const EXIT_REFUSED = 2;

try {
  const app = new App();
  const { names, processVariables, warnings } = selectEnvironments(
    app.node.tryGetContext('environment') ?? process.env.MEDICAL_CODES_ENV,
    process.env,
  );
  warnings.forEach(warn);
  for (const name of names) {
    const found = environmentVariables(name, {
      // Where the CDK CLI starts the app: beside cdk.json.
      directory: process.cwd(),
      processVariables,
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
  process.exit(EXIT_REFUSED);
}

function warn(text: string): void {
  console.error(`warning: ${text}`);
}
