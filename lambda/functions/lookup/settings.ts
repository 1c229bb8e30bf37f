import { ENVIRONMENTS, type EnvironmentName } from '../../names/environments';
import { SETTING } from '../../names/settings';

/** How the gateway has authenticated callers. There is no third way in Lambda. */
export type AuthMode = 'jwt' | 'iam';

/** What the stacks tell the lookup function. */
export interface LookupSettings {
  readonly environment: EnvironmentName;
  readonly redisSecretArn: string;
  readonly catalogStore: string;
  readonly authMode: AuthMode;
  readonly teamClaim: string;
  readonly countUses: boolean;
}

function required(variables: NodeJS.ProcessEnv, name: string): string {
  const value = variables[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set; the Lookup stack sets it.`);
  return value;
}

function authMode(value: string): AuthMode {
  if (value === 'jwt' || value === 'iam') return value;
  throw new Error(`${SETTING.authMode} must be jwt or iam; an open API exists on the local server only.`);
}

/** @throws Error naming the variable that is missing or wrong, so that a half-configured function serves nobody */
export function readSettings(variables: NodeJS.ProcessEnv): LookupSettings {
  const named = required(variables, SETTING.environment);
  const environment = ENVIRONMENTS.find((each) => each === named);
  if (environment === undefined) {
    throw new Error(`${SETTING.environment} must be one of ${ENVIRONMENTS.join(', ')}.`);
  }
  return {
    environment,
    redisSecretArn: required(variables, SETTING.redisSecretArn),
    catalogStore: required(variables, SETTING.catalogStore),
    authMode: authMode(required(variables, SETTING.authMode)),
    teamClaim: variables[SETTING.teamClaim] ?? 'teamId',
    countUses: variables[SETTING.usageCounting] !== 'off',
  };
}
