import * as z from 'zod/mini';
import { ConfigError } from './config-error';

/** What a shell or a `.env.<env>` file holds. An empty value counts as not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

const text = (pattern: RegExp, problem: string) => z.string().check(z.regex(pattern, problem));

const wholeNumber = (from: number) =>
  z.pipe(
    text(/^\d{1,9}$/, `is not a whole number from ${from}`),
    z.pipe(z.transform(Number), z.number().check(z.gte(from, `is not a whole number from ${from}`))),
  );

const list = z.transform((value: string) => value.split(',').map((item) => item.trim()));

/** Plain http is for a server on the same machine, as in a trial. */
const SERVER_URL = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])[^\s?#]+$/;

/** `off` and `on`; nothing else, because a mistyped switch must not count as either. */
const onOff = z.pipe(
  z.enum(['on', 'off'], 'is neither on nor off'),
  z.transform((value) => value === 'on'),
);

/** Every variable of a deployment, each with what makes its value usable. Documented in `.env.example`. */
const schema = z.object({
  REDIS_CONNECTION_STRING: z.optional(z.string()),
  BUCKET_PREFIX: z.optional(
    z.string().check(
      z.regex(/^[a-z0-9][a-z0-9-]*$/, 'may hold lower-case letters, digits and hyphens only'),
      z.maxLength(33, 'is longer than 33 characters'),
      z.refine(
        (value) => !/^(xn--|sthree-|amzn-s3-demo-)/.test(value),
        'starts with a prefix that S3 reserves',
      ),
    ),
  ),
  ALARM_EMAIL: z.optional(text(/^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/, 'is not one e-mail address')),
  JWT_ISSUER: z.optional(text(SERVER_URL, 'is not an https URL')),
  JWT_AUDIENCE: z.optional(z.pipe(text(/^[^\s,]+(\s*,\s*[^\s,]+)*$/, 'has an empty entry or a space'), list)),
  TEAM_CLAIM: z.optional(text(/^[A-Za-z][\w:./-]{0,127}$/, 'is not the name of a claim')),
  REDIS_PEERING_ID: z.optional(
    text(
      /^(pcx-([0-9a-f]{8}|[0-9a-f]{17})|pending)$/,
      'is neither the id of a peering connection nor pending',
    ),
  ),
  REDIS_VPC_CIDR: z.optional(z.string()),
  VPC_CIDR: z.optional(z.string()),
  S3_PREFIX_LIST_ID: z.optional(text(/^pl-[0-9a-f]{8,17}$/, 'is not the id of a prefix list')),
  REPLICA_REGION: z.optional(text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not the name of an AWS region')),
  RESERVED_CONCURRENCY: z.optional(onOff),
  USAGE_COUNTING: z.optional(onOff),
  PLAN_MEMORY_MB: z.optional(wholeNumber(1)),
  PLAN_CONNECTIONS: z.optional(wholeNumber(1)),
  PLAN_OPS_PER_SECOND: z.optional(wholeNumber(0)),
  REDIS_CLOUD_BACKUPS: z.optional(onOff),
  ROTATION_STRATEGY: z.optional(z.enum(['off', 'redis-cloud', 'acl'], 'is not one of off, redis-cloud, acl')),
  REDIS_CLOUD_API_SECRET_ARN: z.optional(
    text(
      /^arn:aws(-[a-z]+)*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-\w{6}$/,
      'is not the full ARN of a secret',
    ),
  ),
  REDIS_CLOUD_ACL_USERS: z.optional(
    text(
      /^(\d+):([^\s:,]+)\s*,\s*(?!\1:)\d+:(?!\2$)[^\s:,]+$/,
      'does not name two different ACL users as idA:nameA,idB:nameB',
    ),
  ),
  REDIS_CLOUD_API_URL: z.optional(text(SERVER_URL, 'is not an https URL')),
  CDK_DEFAULT_ACCOUNT: z.optional(text(/^\d{12}$/, 'is not an account number of 12 digits')),
  CDK_DEFAULT_REGION: z.optional(text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not the name of an AWS region')),
});

export type ParsedVariables = z.infer<typeof schema>;
export type VariableName = keyof ParsedVariables;

/** What to do about a value that its own rule refuses. */
const REMEDY: Readonly<Record<VariableName, string>> = {
  REDIS_CONNECTION_STRING: 'copy it from the database page of the Redis console',
  BUCKET_PREFIX: 'use for example acme',
  ALARM_EMAIL: 'use for example oncall@example.com',
  JWT_ISSUER: 'use the issuer exactly as in the tokens’ iss claim',
  JWT_AUDIENCE: 'separate several audiences by commas',
  TEAM_CLAIM: 'use for example teamId',
  REDIS_PEERING_ID: 'copy pcx-… from the VPC console, Peering connections; until there is one, write pending',
  REDIS_VPC_CIDR: 'copy the block of the Redis VPC from the Redis console, for example 10.20.0.0/24',
  VPC_CIDR: 'use a private block from /16 to /26, for example 10.90.0.0/24',
  S3_PREFIX_LIST_ID: 'look it up with: aws ec2 describe-prefix-lists',
  REPLICA_REGION: 'use for example eu-west-1',
  RESERVED_CONCURRENCY: 'write on or off',
  USAGE_COUNTING: 'write on or off',
  PLAN_MEMORY_MB: 'use the memory of the Redis plan in megabytes, for example 250',
  PLAN_CONNECTIONS: 'use the connections of the Redis plan, for example 256',
  PLAN_OPS_PER_SECOND: 'use the operations per second of the Redis plan, or 0 when it names none',
  REDIS_CLOUD_BACKUPS: 'write on or off',
  ROTATION_STRATEGY: 'write one of these',
  REDIS_CLOUD_API_SECRET_ARN: 'copy it from Secrets Manager, with its six last characters',
  REDIS_CLOUD_ACL_USERS: 'use for example 1201:codes-a,1202:codes-b',
  REDIS_CLOUD_API_URL: 'leave it out for the real API',
  CDK_DEFAULT_ACCOUNT: 'look it up with: aws sts get-caller-identity',
  CDK_DEFAULT_REGION: 'use for example us-east-1',
};

/** What describes the Redis, the network or the account of one environment and of no other. */
export const ENVIRONMENT_BOUND = [
  'REDIS_CONNECTION_STRING',
  'REDIS_PEERING_ID',
  'REDIS_VPC_CIDR',
  'VPC_CIDR',
  'PLAN_MEMORY_MB',
  'PLAN_CONNECTIONS',
  'PLAN_OPS_PER_SECOND',
  'ROTATION_STRATEGY',
  'REDIS_CLOUD_API_SECRET_ARN',
  'REDIS_CLOUD_ACL_USERS',
] as const satisfies readonly VariableName[];

export const VARIABLE_NAMES: readonly string[] = Object.keys(REMEDY);

/** The advice that goes with a variable, for refusals that depend on more than one of them. */
export function remedy(variable: VariableName): string {
  return REMEDY[variable];
}

/** Each variable by its own rule; the first bad one is a ConfigError. */
export function parseVariables(variables: Variables): ParsedVariables {
  const given = Object.fromEntries(
    VARIABLE_NAMES.map((name) => [name, variables[name]?.trim()] as const).filter(
      ([, value]) => value !== '',
    ),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0]);
  throw new ConfigError(name, issue?.message ?? 'is unusable', remedyOf(name));
}

/** One variable by its own rule, for who needs no other. @throws ConfigError */
export function parseVariable<N extends VariableName>(name: N, variables: Variables): ParsedVariables[N] {
  return parseVariables({ [name]: variables[name] })[name];
}

function remedyOf(name: string): string {
  return Object.entries(REMEDY).find(([key]) => key === name)?.[1] ?? 'see .env.example';
}
