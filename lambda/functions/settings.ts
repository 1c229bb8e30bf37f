import { ENVIRONMENTS } from '../names/environments';
import { DEFAULT_TEAM_CLAIM, SETTING } from '../names/settings';

/** How the gateway has authenticated callers. There is no third way in Lambda. */
const AUTH_MODES = ['jwt', 'iam'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

const ROTATION_STRATEGIES = ['acl', 'redis-cloud'] as const;

/**
 * What the stacks tell the functions, each variable checked when it is taken. A function takes all of its own when it
 * starts, so that a half-configured one serves nobody. Taking one throws an Error that names the variable when it is
 * missing or wrong. No zod: it would weigh more on a cold start than these few rules.
 */
export function settingsOf(variables: NodeJS.ProcessEnv) {
  const given = (name: string): string | undefined => {
    const value = variables[name];
    return value === '' ? undefined : value;
  };
  const text = (name: string): string => {
    const value = given(name);
    if (value === undefined) throw new Error(`${name} is not set; the stacks set it.`);
    return value;
  };
  const oneOf = <T extends string>(name: string, values: readonly T[]): T => {
    const value = text(name);
    const known = values.find((each) => each === value);
    if (known === undefined) throw new Error(`${name} must be one of ${values.join(', ')}.`);
    return known;
  };
  const wholeNumber = (name: string): number => {
    const value = text(name);
    if (!/^\d{1,9}$/.test(value)) throw new Error(`${name} must be a whole number.`);
    return Number(value);
  };
  return {
    get environment() {
      return oneOf(SETTING.environment, ENVIRONMENTS);
    },
    get redisSecretArn() {
      return text(SETTING.redisSecretArn);
    },
    get catalogStore() {
      return text(SETTING.catalogStore);
    },
    get authMode() {
      return oneOf(SETTING.authMode, AUTH_MODES);
    },
    get teamClaim() {
      return given(SETTING.teamClaim) ?? DEFAULT_TEAM_CLAIM;
    },
    get countUses() {
      return given(SETTING.usageCounting) !== 'off';
    },
    get backupPrefix() {
      return text(SETTING.backupPrefix);
    },
    get backupRetentionDays() {
      return wholeNumber(SETTING.backupRetentionDays);
    },
    get planMemoryMb() {
      return wholeNumber(SETTING.planMemoryMb);
    },
    get planConnections() {
      return wholeNumber(SETTING.planConnections);
    },
    /** 0 when the plan names no limit. */
    get planOpsPerSecond() {
      return wholeNumber(SETTING.planOpsPerSecond);
    },
    get rotationStrategy() {
      return oneOf(SETTING.rotationStrategy, ROTATION_STRATEGIES);
    },
    get redisCloudApiSecretArn() {
      return text(SETTING.redisCloudApiSecretArn);
    },
    get redisCloudAclUsers() {
      return text(SETTING.redisCloudAclUsers);
    },
    /** Undefined for the real API. */
    get redisCloudApiUrl() {
      return given(SETTING.redisCloudApiUrl);
    },
  };
}
