import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(__dirname, '../..');
const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

const TSX = require.resolve('tsx');

// Somebody's own .env files must not decide what is tested, so the app starts in a folder of its own.
const home = mkdtempSync(join(tmpdir(), 'medical-codes-app-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

// A whole synthesis each; a busy machine takes its time.
interface Run {
  readonly exit: number | null;
  readonly output: string;
  readonly stacks: string[];
  readonly files: () => { name: string; content: string }[];
}

let runs = 0;

/** The app as the CDK CLI starts it, with no variable but these; code is not bundled. */
function synth(variables: Record<string, string> = {}, extraContext: Record<string, unknown> = {}): Run {
  const folder = join(home, `cdk.out-${++runs}`);
  writeFileSync(join(home, 'cdk.json'), JSON.stringify({ context: extraContext }));
  const given = { ...context, 'aws:cdk:bundling-stacks': [], ...extraContext };
  const run = spawnSync(process.execPath, ['--import', pathToFileURL(TSX).href, join(ROOT, 'bin/app.ts')], {
    cwd: home,
    encoding: 'utf8',
    timeout: 200_000,
    env: {
      PATH: process.env.PATH,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify(given),
      ...variables,
    },
  });
  const files = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('asset.'))
      .map((entry) => ({
        name: entry.name,
        content: readFileSync(join(entry.parentPath, entry.name), 'utf8'),
      }));
  const stacks =
    run.status === 0 ? readdirSync(folder).filter((name) => name.endsWith('.template.json')) : [];
  return {
    exit: run.status,
    output: run.stdout + run.stderr,
    stacks: stacks.map((name) => name.replace('.template.json', '')).sort(),
    files,
  };
}

const parts = (name: string) =>
  ['Lookup', 'Observability', 'Operations', 'Storage'].map((part) => `MedicalCodes-${name}-${part}`);

describe('the app', () => {
  it('synthesizes all three with no account, no secret and no variable, and protects prod alone from deletion', () => {
    const run = synth();
    expect([run.exit, run.output]).toEqual([0, '']);
    expect(run.stacks).toEqual([...parts('dev'), ...parts('prod'), ...parts('staging')]);
    expect(protectedStacks(run)).toEqual(parts('prod'));
  });

  it('synthesizes the one environment that is named', () => {
    expect(synth({ MEDICAL_CODES_ENV: 'dev' }).stacks).toEqual(parts('dev'));
  });

  it('refuses an environment that does not exist', () => {
    const run = synth({}, { environment: 'test' });
    expect([run.exit, run.output]).toEqual([
      2,
      'environment: is none of dev, staging, prod; use for example -c environment=dev\n',
    ]);
  });

  it('refuses a bad value with its one line and exit code 2', () => {
    const run = synth({ BUCKET_PREFIX: 'Not Allowed' });
    expect(run.exit).toBe(2);
    expect(run.output).toMatch(/^BUCKET_PREFIX: .+; .+\n$/);
  });

  it('believes the file’s region and account before those that the CDK CLI sets from its credentials', () => {
    const file = join(home, '.env.staging');
    writeFileSync(
      file,
      'CDK_DEFAULT_REGION=eu-central-1\nCDK_DEFAULT_ACCOUNT=123456789012\nREPLICA_REGION=us-east-1\n',
    );
    const cli = {
      CDK_CLI_VERSION: '2.1148.1',
      CDK_DEFAULT_REGION: 'us-east-1',
      CDK_DEFAULT_ACCOUNT: '111111111111',
    };
    try {
      const run = synth(cli, { environment: 'staging' });
      expect([run.exit, run.output]).toEqual([0, '']);
      const places = run.files().find(({ name }) => name === 'manifest.json')!.content;
      expect(places).toContain('"aws://123456789012/eu-central-1"');
      // What a deployment was told in its shell comes as context, which the CLI leaves alone.
      const told = synth(cli, { environment: 'staging', account: '222222222222', region: 'eu-west-1' });
      const others = told.files().find(({ name }) => name === 'manifest.json')!.content;
      expect(others).toContain('"aws://222222222222/eu-west-1"');
    } finally {
      rmSync(file);
    }
  });

  it('does not take one environment’s Redis for that of all three', () => {
    const run = synth({ REDIS_CONNECTION_STRING: 'redis://default:CANARY-f00d@canary.example.com:6379' });
    expect(run.exit).toBe(0);
    expect(run.output).toBe(
      'warning: REDIS_CONNECTION_STRING: belongs to one environment and is left out while all are built; add -c environment=<env>\n',
    );
  });
});

function protectedStacks(run: Run): string[] {
  const manifest = JSON.parse(run.files().find(({ name }) => name === 'manifest.json')!.content) as {
    artifacts: Record<string, { properties?: { terminationProtection?: boolean } }>;
  };
  const found = Object.entries(manifest.artifacts).filter(
    ([, { properties }]) => properties?.terminationProtection === true,
  );
  return found.map(([name]) => name).sort();
}

describe('a connection string', () => {
  const password = 'CANARY-f00d';
  const string = `rediss://default:${password}@canary.example.com:12345`;
  const peering = { REDIS_PEERING_ID: 'pcx-0123456789abcdef0', REDIS_VPC_CIDR: '10.20.0.0/24' };

  it.each([
    [
      'a variable',
      synth.bind(undefined, { REDIS_CONNECTION_STRING: string, ...peering }, { environment: 'prod' }),
    ],
    ['context', synth.bind(undefined, {}, { environment: 'prod', prod: { redisConnectionString: string } })],
  ])('given as %s shows up nowhere in the assembly, nor on the screen', (how, run) => {
    const { exit, output, files } = run();
    expect(exit).toBe(0);
    const leaks = files().filter(
      ({ content }) => content.includes(password) || content.includes('canary.example.com'),
    );
    expect(leaks.map(({ name }) => name)).toEqual([]);
    expect(files().length).toBeGreaterThan(8);
    expect(output).not.toContain(password);
    expect(output.includes('do not commit it')).toBe(how === 'context');
  });

  it('shows in no refusal either', () => {
    const { exit, output } = synth(
      { REDIS_CONNECTION_STRING: `redis://default:${password}@canary.example.com:1` },
      { environment: 'prod' },
    );
    expect(exit).toBe(2);
    expect(output).toMatch(/^REDIS_CONNECTION_STRING: has no TLS, which prod requires/);
    expect(output).not.toMatch(/CANARY|canary/);
  });
});
