import { parseArgs } from 'node:util';
import { ENVIRONMENTS, type EnvironmentName } from '../../lambda/names/environments';
import { environmentNamed } from '../../lib/config/environment-files';
import { Refused } from '../../cli/terminal/failure';

export interface DeployArguments {
  readonly environment: EnvironmentName;
  /** Answers every question with yes: for pipelines. */
  readonly yes: boolean;
  readonly skipRedisCheck: boolean;
  /** Puts the given connection string into the secret although rotation has changed the password since. */
  readonly replaceRotated: boolean;
}

export const DEPLOY_HELP = `npm run cdk:deploy:<${ENVIRONMENTS.join('|')}> -- [options]

Deploys one environment: checks Redis and the AWS account, deploys the stacks, puts the connection string into
its secret and calls /v1/health. Variables come from .env.<env> and from the shell, which wins.

  --yes                ask nothing (pipelines; prod without a terminal needs it)
  --skip-redis-check   do not PING Redis first
  --replace-rotated    put the given connection string into the secret even where rotation owns the password
  --help               this text

Exit codes: 0 deployed, 1 a step failed, 2 refused before anything was changed.
`;

/** How to go ahead where nobody is at a terminal to confirm. */
export const UNATTENDED = 'Nobody is at a terminal to confirm it; pass -- --yes to go ahead.';

/**
 * @returns undefined when the call asks for help
 * @throws Refused when the words are none of ours
 */
export function deployArguments(words: readonly string[]): DeployArguments | undefined {
  const { values, positionals } = parsedWords(words, {
    yes: { type: 'boolean' },
    'skip-redis-check': { type: 'boolean' },
    'replace-rotated': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help === true) return undefined;
  return {
    environment: onlyEnvironment(positionals),
    yes: values.yes === true,
    skipRedisCheck: values['skip-redis-check'] === true,
    replaceRotated: values['replace-rotated'] === true,
  };
}

/** For the scripts that know no option but `--yes`. */
export function simpleArguments(words: readonly string[]): { environment: EnvironmentName; yes: boolean } {
  const { values, positionals } = parsedWords(words, { yes: { type: 'boolean' } });
  return { environment: onlyEnvironment(positionals), yes: values.yes === true };
}

interface Words {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

function parsedWords(
  words: readonly string[],
  options: Readonly<Record<string, { type: 'boolean'; short?: string }>>,
): Words {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options });
  } catch {
    // The word itself stays out of the message: somebody may have pasted a connection string.
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new Refused(`An option is not known; this script takes ${known.join(', ')}.`);
  }
}

function onlyEnvironment(positionals: readonly string[]): EnvironmentName {
  const environment = environmentNamed(positionals[0]);
  if (environment === undefined || positionals.length > 1) {
    throw new Refused(`Name one environment: ${ENVIRONMENTS.join(', ')}. Nothing else is an argument.`);
  }
  return environment;
}
