import { ENVIRONMENTS, type EnvironmentName } from '../../lambda/names/environments';
import { ConfigError } from '../../lib/config/config-error';
import { ENVIRONMENT_BOUND, type Variables } from '../../lib/config/variables';

export interface Selection {
  readonly names: readonly EnvironmentName[];
  /** What of the process's variables speaks for these environments. */
  readonly processVariables: Variables;
  readonly warnings: readonly string[];
}

/**
 * Which environments to build: the one that is named, or all three. With all three, a variable of the process
 * that describes one environment's Redis is left out: it cannot be meant for the other two. Their files
 * still speak for each.
 */
export function selectEnvironments(named: unknown, variables: Variables): Selection {
  if (named !== undefined && named !== '') {
    const name = ENVIRONMENTS.find((environment) => environment === named);
    if (name === undefined) {
      throw new ConfigError(
        'environment',
        `is none of ${ENVIRONMENTS.join(', ')}`,
        'use for example -c environment=dev',
      );
    }
    return { names: [name], processVariables: variables, warnings: [] };
  }
  const leftOut = ENVIRONMENT_BOUND.filter((name) => (variables[name] ?? '') !== '');
  const kept = Object.entries(variables).filter(([name]) => !leftOut.some((bound) => bound === name));
  return {
    names: ENVIRONMENTS,
    processVariables: Object.fromEntries(kept),
    warnings: leftOut.map(
      (name) =>
        `${name}: belongs to one environment and is left out while all are built; add -c environment=<env>`,
    ),
  };
}

/** The CDK CLI sets both, from the credentials it finds, over whatever a person had set. */
const SET_BY_CDK: readonly string[] = ['CDK_DEFAULT_ACCOUNT', 'CDK_DEFAULT_REGION'];

/** The process's variables, without what the CDK CLI put among them by itself. */
export function withoutPresumed(variables: Variables): { own: Variables; presumed: Variables } {
  if (variables.CDK_CLI_VERSION === undefined) return { own: variables, presumed: {} };
  const entries = Object.entries(variables);
  return {
    own: Object.fromEntries(entries.filter(([name]) => !SET_BY_CDK.includes(name))),
    presumed: Object.fromEntries(entries.filter(([name]) => SET_BY_CDK.includes(name))),
  };
}
