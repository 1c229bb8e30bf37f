import { type ChildProcess, spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { withLogin } from '../../lambda/redis/connection-string';
import type { Variables } from '../../lib/config/variables';
import { StepFailed } from '../../cli/terminal/failure';

/** What the scripts ask of the CDK. Each rejects with StepFailed when the CLI does not end well. */
export interface Cdk {
  /** Writes the environment's assembly into its folder. */
  synth(): Promise<void>;
  /** Deploys stacks of that assembly, by name, with whatever they depend on unless `alone`. */
  deploy(stacks: readonly string[], alone?: boolean): Promise<void>;
  diff(): Promise<void>;
  destroy(stacks: readonly string[]): Promise<void>;
}

export interface CdkOptions {
  readonly root: string;
  readonly environment: string;
  readonly variables: Variables;
  readonly region: string | undefined;
  /** A person watches and may answer the CLI's question about broader permissions. */
  readonly interactive: boolean;
}

/** Where an environment's assembly goes: beside those of the others, so that none overwrites another. */
export function assemblyFolder(root: string, environment: string): string {
  return join(root, 'cdk.out', environment);
}

/**
 * The CLI as a child process. It and the app it runs see the connection string without user and password:
 * they need to know how to reach Redis, not how to log in.
 */
export function cdkCli(options: CdkOptions): Cdk {
  const folder = assemblyFolder(options.root, options.environment);
  const run = (...words: string[]): Promise<void> => runCdk(options, words);
  // Without a person the CLI must not ask, and says everything on one stream, in order.
  const manner = options.interactive
    ? ['--require-approval', 'broadening']
    : ['--require-approval', 'never', '--ci'];
  return {
    synth: () => run('synth', '--quiet', ...contextWords(options), '--output', folder),
    deploy: (stacks, alone = false) =>
      run('deploy', ...stacks, '--app', folder, ...manner, ...(alone ? ['--exclusively'] : [])),
    diff: () => run('diff', '--app', folder),
    destroy: (stacks) => run('destroy', ...stacks, '--app', folder, '--force', '--exclusively', '--ci'),
  };
}

/** What the app must not learn from the CLI, which overwrites account and region by those of the credentials. */
function contextWords({ environment, variables, region }: CdkOptions): string[] {
  const account = variables.CDK_DEFAULT_ACCOUNT;
  const context = { environment, account, region: variables.CDK_DEFAULT_REGION ?? region };
  return Object.entries(context).flatMap(([name, value]) =>
    value === undefined ? [] : ['--context', `${name}=${value}`],
  );
}

async function runCdk(options: CdkOptions, words: readonly string[]): Promise<void> {
  const child = spawn('cdk', [...words, '--no-notices'], {
    cwd: options.root,
    env: childEnvironment(options),
    stdio: 'inherit',
  });
  const code = await exitCode(child);
  if (code !== 0) throw new StepFailed(`cdk ${words[0] ?? ''} failed; its own words are above.`);
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', () =>
      reject(new StepFailed('The CDK CLI cannot be started. Run `npm run setup` first.')),
    );
  });
}

/** Variables for the CLI: the environment's, the region where the SDK looks for it, and no credentials of Redis. */
export function childEnvironment({ root, variables, region }: CdkOptions): Record<string, string> {
  const { REDIS_CONNECTION_STRING: connectionString, ...others } = variables;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(others)) if (value !== undefined) kept[name] = value;
  if (region !== undefined) kept.AWS_REGION = region;
  if (connectionString !== undefined) kept.REDIS_CONNECTION_STRING = withLogin(connectionString, {});
  // Outside npm's scripts nobody has put the pinned CLI on the path.
  kept.PATH = [kept.PATH, join(root, 'node_modules/.bin')].filter(Boolean).join(delimiter);
  return kept;
}
