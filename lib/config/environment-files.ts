import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { ENVIRONMENTS, type EnvironmentName } from '../../lambda/names/environments';
import { ConfigError } from './config-error';
import { parseEnvFile } from './env-file-text';
import { VARIABLE_NAMES, type Variables } from './variables';

/** Where variables come from: this process's own, and the files of a directory. */
export interface VariableSources {
  readonly directory: string;
  readonly processVariables: Variables;
  /** What a tool has set by itself: it counts only where nobody said anything. */
  readonly presumed?: Variables;
}

export interface EnvironmentVariables {
  readonly variables: Variables;
  /** For a person to read; they hold names, never values. */
  readonly warnings: readonly string[];
}

/** An AWS profile or a proxy belongs into the file as much as our own variables do. */
const FOREIGN_NAMES = /^(AWS_|NODE_|CDK_|HTTPS?_PROXY$|NO_PROXY$)/i;

/** What only the operator's CLI takes from the file. */
const CLI_NAMES = ['BACKUP_PREFIX'];

const contextSchema = z.object({
  context: z.optional(z.record(z.string(), z.unknown())),
});
const environmentContextSchema = z.object({ redisConnectionString: z.optional(z.string()) });

/**
 * Variables of one environment, trimmed. The process's own win over `.env.<env>`, and the context of `cdk.json`
 * (`{"dev": {"redisConnectionString": …}}`) comes last. An empty value counts as not set.
 * @throws ConfigError when a file cannot be read or holds what nobody understands
 */
export function environmentVariables(
  environment: EnvironmentName,
  sources: VariableSources,
): EnvironmentVariables {
  const fileName = `.env.${environment}`;
  const file = readBytes(join(sources.directory, fileName), fileName);
  const fromFile = file === undefined ? {} : parseEnvFile(file, fileName);
  const fromContext = contextVariables(environment, sources.directory);
  const warnings = unknownNames(fromFile).map(
    (name) => `${fileName}: ${name} is no variable of this app and changes nothing; see .env.example.`,
  );
  const variables = {
    ...given(sources.presumed ?? {}),
    ...fromContext,
    ...given(fromFile),
    ...given(sources.processVariables),
  };
  if (fromContext.REDIS_CONNECTION_STRING !== undefined) {
    warnings.push(
      `cdk.json: holds the connection string of ${environment}; move it to ${fileName}, which git ignores, and do not commit it.`,
    );
  }
  return { variables, warnings };
}

function contextVariables(environment: EnvironmentName, directory: string): Variables {
  const text = readBytes(join(directory, 'cdk.json'), 'cdk.json')?.toString('utf8');
  if (text === undefined) return {};
  const context = parsedContext(text)?.[environment];
  if (context === undefined) return {};
  const parsed = environmentContextSchema.safeParse(context);
  if (!parsed.success) {
    throw new ConfigError(
      'cdk.json',
      `context "${environment}" is not an object with the text redisConnectionString`,
      'correct or remove it',
    );
  }
  const { redisConnectionString } = parsed.data;
  return given({ REDIS_CONNECTION_STRING: redisConnectionString });
}

function parsedContext(text: string): Record<string, unknown> | undefined {
  try {
    return contextSchema.parse(JSON.parse(text)).context;
  } catch {
    // The parser's own message would quote the file.
    throw new ConfigError('cdk.json', 'is not JSON with an object "context"', 'correct it');
  }
}

function unknownNames(variables: Variables): string[] {
  const known = [...VARIABLE_NAMES, ...CLI_NAMES];
  return Object.keys(variables).filter((name) => !known.includes(name) && !FOREIGN_NAMES.test(name));
}

/** Variables without those that are empty, which count as not set; all others trimmed. */
export function given(variables: Variables): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    const trimmed = value?.trim() ?? '';
    if (trimmed !== '') kept[name] = trimmed;
  }
  return kept;
}

function readBytes(path: string, name: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    throw new ConfigError(name, `cannot be read (${String(code)})`, 'correct its permissions');
  }
}

/** The environment that a word names. */
export function environmentNamed(word: string | undefined): EnvironmentName | undefined {
  return ENVIRONMENTS.find((name) => name === word);
}

/**
 * The variables that AWS's own tools read from the process, whichever way they were given. The environment's own
 * region is also the SDK's.
 */
export function awsVariables(variables: Variables): Record<string, string> {
  const found = given(variables);
  const region = found.CDK_DEFAULT_REGION;
  const foreign = Object.entries(found).filter(([name]) => FOREIGN_NAMES.test(name));
  return { ...Object.fromEntries(foreign), ...(region !== undefined && { AWS_REGION: region }) };
}
