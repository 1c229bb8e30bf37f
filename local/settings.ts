import { AppError } from '../lambda/names/errors';
import { DEFAULT_TEAM_CLAIM } from '../lambda/names/settings';
import { openStore } from '../lambda/store/open-store';
import { parseConnectionString } from '../lambda/redis/connection-string';

/** A variable of the local server that cannot be used. The message is one line and holds no secret. */
export class BadSetting extends Error {
  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.name = 'BadSetting';
  }
}

export interface JwtSettings {
  /** Exactly as in the tokens' `iss`. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly teamClaim: string;
}

/** What `npm start` takes from its environment. */
export interface LocalSettings {
  /** 0 for any free port. */
  readonly port: number;
  /** Undefined for the sample. */
  readonly store: string | undefined;
  /** Undefined for a private server. Holds a password. */
  readonly redis: string | undefined;
  /** Undefined where nobody is asked who they are. */
  readonly jwt: JwtSettings | undefined;
  readonly countUses: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

function value(variables: Variables, name: string): string | undefined {
  const text = variables[name]?.trim();
  return text === '' ? undefined : text;
}

/** Asks a parser whether it takes the value; its message names the remedy and repeats no secret. */
function checked(
  name: string,
  text: string | undefined,
  parse: (text: string) => unknown,
): string | undefined {
  if (text === undefined) return undefined;
  try {
    parse(text);
    return text;
  } catch (error) {
    throw new BadSetting(
      name,
      `is of no use: ${error instanceof AppError ? error.message : 'it is malformed.'}`,
    );
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 3000;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new BadSetting('PORT', `must be a number from 0 to 65535, not ${JSON.stringify(text.slice(0, 40))}.`);
}

function isIssuer(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function jwtOf(variables: Variables): JwtSettings | undefined {
  const issuer = value(variables, 'JWT_ISSUER');
  const audience = value(variables, 'JWT_AUDIENCE');
  const mode = value(variables, 'AUTH_MODE') ?? (issuer === undefined ? 'none' : 'jwt');
  if (mode === 'none') return undefined;
  if (mode === 'iam') {
    throw new BadSetting(
      'AUTH_MODE',
      'iam needs API Gateway, which checks signatures; use none or jwt here.',
    );
  }
  if (mode !== 'jwt') throw new BadSetting('AUTH_MODE', 'must be none or jwt.');
  if (issuer === undefined) throw new BadSetting('JWT_ISSUER', 'is missing; AUTH_MODE=jwt needs it.');
  if (!isIssuer(issuer)) throw new BadSetting('JWT_ISSUER', "must be a URL, exactly as in the tokens' iss.");
  if (audience === undefined) throw new BadSetting('JWT_AUDIENCE', 'is missing; JWT_ISSUER needs it.');
  const audiences = audience.split(',').map((each) => each.trim());
  return { issuer, audiences, teamClaim: value(variables, 'TEAM_CLAIM') ?? DEFAULT_TEAM_CLAIM };
}

/** @throws BadSetting */
export function readLocalSettings(variables: Variables): LocalSettings {
  return {
    port: portOf(value(variables, 'PORT')),
    store: checked('CATALOG_STORE', value(variables, 'CATALOG_STORE'), openStore),
    redis: checked(
      'REDIS_CONNECTION_STRING',
      value(variables, 'REDIS_CONNECTION_STRING'),
      parseConnectionString,
    ),
    jwt: jwtOf(variables),
    countUses: value(variables, 'USAGE_COUNTING') !== 'off',
  };
}
