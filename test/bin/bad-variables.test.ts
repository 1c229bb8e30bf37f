import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { VARIABLE_NAMES } from '../../lib/config/variables';

const ROOT = resolve(__dirname, '../..');
const SECRET = 'hunter2-never-shown';
const REDIS = `rediss://default:${SECRET}@redis.example:6380`;

type Case = readonly [variable: string, value: string, others?: Readonly<Record<string, string>>];

/** Each variable of a deployment wrong in the ways that happen. `dev` unless the case says otherwise. */
const CASES: readonly Case[] = [
  ['REDIS_CONNECTION_STRING', `https://default:${SECRET}@redis.example`],
  ['REDIS_CONNECTION_STRING', `default:${SECRET}@redis.example:6380`],
  ['REDIS_CONNECTION_STRING', `rediss://default:${SECRET}/x@redis.example:6380`],
  ['REDIS_CONNECTION_STRING', `rediss://default:${SECRET}%zz@redis.example:6380`],
  ['REDIS_CONNECTION_STRING', `rediss://default:${SECRET}@redis.example:6380#6380`],
  ['REDIS_CONNECTION_STRING', `rediss://default:${SECRET}@redis.example:0`],
  ['REDIS_CONNECTION_STRING', `rediss://default:${SECRET}@redis.example:6380?clutser=true`],
  ['REDIS_CONNECTION_STRING', `rediss://default:${SECRET}@redis.example:6380?cluster=yes`],
  ['REDIS_CONNECTION_STRING', `rediss://default:${SECRET}@redis.example:6380?replica=other`],
  ['REDIS_CONNECTION_STRING', `rediss://default:${SECRET}@redis.example:6380/zero`],
  ['BUCKET_PREFIX', 'Acme_Health'],
  ['BUCKET_PREFIX', 'a'.repeat(60)],
  ['ALARM_EMAIL', 'nobody'],
  ['JWT_ISSUER', 'login.example.com', { JWT_AUDIENCE: 'a' }],
  ['JWT_ISSUER', '', { JWT_AUDIENCE: 'a' }],
  ['JWT_AUDIENCE', 'a,,b', { JWT_ISSUER: 'https://login.example.com' }],
  ['JWT_AUDIENCE', '', { JWT_ISSUER: 'https://login.example.com' }],
  ['TEAM_CLAIM', 'team id'],
  ['REDIS_PEERING_ID', 'vpc-0123456789abcdef0', { REDIS_VPC_CIDR: '10.20.0.0/24' }],
  ['REDIS_PEERING_ID', '', { REDIS_VPC_CIDR: '10.20.0.0/24' }],
  ['REDIS_VPC_CIDR', '', { REDIS_PEERING_ID: 'pcx-0123456789abcdef0' }],
  ['REDIS_VPC_CIDR', '10.20.0.1/24', { REDIS_PEERING_ID: 'pcx-0123456789abcdef0' }],
  ['VPC_CIDR', '10.20.0.0/30'],
  ['VPC_CIDR', '10.20.0.0/16', { REDIS_PEERING_ID: 'pcx-0123456789abcdef0', REDIS_VPC_CIDR: '10.20.5.0/24' }],
  ['S3_PREFIX_LIST_ID', 'com.amazonaws.s3'],
  ['REPLICA_REGION', 'europe'],
  ['REPLICA_REGION', 'us-east-1'],
  ['RESERVED_CONCURRENCY', 'maybe'],
  ['USAGE_COUNTING', 'yes'],
  ['PLAN_MEMORY_MB', '30MB'],
  ['PLAN_CONNECTIONS', '0'],
  ['PLAN_CONNECTIONS', '4'],
  ['PLAN_OPS_PER_SECOND', 'many'],
  ['REDIS_CLOUD_BACKUPS', 'true'],
  ['ROTATION_STRATEGY', 'quarterly'],
  ['REDIS_CLOUD_API_SECRET_ARN', 'my-secret', { ROTATION_STRATEGY: 'redis-cloud' }],
  ['REDIS_CLOUD_API_SECRET_ARN', '', { ROTATION_STRATEGY: 'redis-cloud' }],
  ['REDIS_CLOUD_ACL_USERS', '7,7', { ROTATION_STRATEGY: 'redis-cloud' }],
  ['REDIS_CLOUD_API_URL', 'api.redislabs.com'],
  ['CDK_DEFAULT_ACCOUNT', '12345'],
  ['CDK_DEFAULT_REGION', 'Virginia'],
];

let home: string;
let aws: Server;
let calls = 0;
let endpoint: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bad-variables-'));
  aws = createServer((_, response) => {
    calls += 1;
    response.writeHead(500).end();
  }).listen(0, '127.0.0.1');
  await once(aws, 'listening');
  const address = aws.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  aws.close();
  rmSync(home, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real script, with nothing of this machine's configuration. */
function deployScript(
  given: string | readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const words = ['--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs'), join(ROOT, 'bin/deploy.ts')];
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ...variables,
  };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [...words, ...[given].flat()],
      { cwd: home, env, timeout: 60_000 },
      (error, stdout, stderr) =>
        done({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          stdout,
          stderr,
        }),
    );
  });
}

function expectRefusal({ code, stdout, stderr }: Ended, variable: string, value: string): void {
  expect(stderr).toMatch(new RegExp(`^error: ${variable}: [^\\n;]+; [^\\n]+\\n$`));
  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain(SECRET);
  if (value.length > 3 && variable !== 'REPLICA_REGION') expect(stderr).not.toContain(value);
}

describe('cdk:deploy with a bad variable stops in one line, exit 2, with nothing deployed and no secret shown', () => {
  afterEach(() => expect(calls).toBe(0));

  it.each(CASES.map(([variable, value, others]) => ({ variable, value, others })))(
    '$variable=$value',
    async ({ variable, value, others }) => {
      const base = { REDIS_CONNECTION_STRING: REDIS, CDK_DEFAULT_REGION: 'us-east-1' };
      const ended = await deployScript('dev', { ...base, ...others, [variable]: value });
      expectRefusal(ended, variable, value);
    },
  );

  it.each(['staging', 'prod'])('no TLS in %s', async (environment) => {
    const plain = `redis://default:${SECRET}@redis.example:6379`;
    const ended = await deployScript(environment, { REDIS_CONNECTION_STRING: plain });
    expectRefusal(ended, 'REDIS_CONNECTION_STRING', plain);
  });

  it('covers every variable that there is', () => {
    expect([...new Set(CASES.map(([variable]) => variable))].sort()).toEqual([...VARIABLE_NAMES].sort());
  });

  it.each<[string[]]>([
    [[]],
    [['qa']],
    [['dev', 'prod']],
    [['dev', REDIS]],
    [['dev', '--force']],
    [['dev', `--${REDIS}`]],
  ])('an argument that is none: %j', async (words) => {
    const { code, stderr, stdout } = await deployScript(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stdout).toBe('');
    expect(stderr).not.toContain(SECRET);
  });
});
