import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import type { Variables } from '../../lib/variables';
import { withoutCredentials } from './redis-address';
import { StepFailed } from './refused';

/** What the scripts ask of the CDK. Each rejects with StepFailed when the CLI does not end well. */
export interface Cdk {
  /** Writes the environment's assembly into its folder. */
  synth(): Promise<void>;
  /** Deploys stacks of that assembly, by name, with whatever they depend on. */
  deploy(stacks: readonly string[]): Promise<void>;
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
  const approval = options.interactive ? 'broadening' : 'never';
  return {
    synth: () =>
      run('synth', '--quiet', '--context', `environment=${options.environment}`, '--output', folder),
    deploy: (stacks) => run('deploy', ...stacks, '--app', folder, '--require-approval', approval),
    diff: () => run('diff', '--app', folder),
    destroy: (stacks) => run('destroy', ...stacks, '--app', folder, '--force'),
  };
}

async function runCdk(options: CdkOptions, words: readonly string[]): Promise<void> {
  const child = spawn('cdk', [...words, '--no-notices'], {
    cwd: options.root,
    env: childEnvironment(options),
    stdio: 'inherit',
  });
  const [code] = await Promise.race([
    once(child, 'exit'),
    once(child, 'error').then(([error]) => {
      throw error;
    }),
  ]).catch(() => {
    throw new StepFailed('The CDK CLI cannot be started. Run `npm run setup` first.');
  });
  if (code !== 0) throw new StepFailed(`cdk ${words[0] ?? ''} failed; its own words are above.`);
}

/** Variables for the CLI: the environment's, the region where the SDK looks for it, and no credentials of Redis. */
export function childEnvironment({ root, variables, region }: CdkOptions): Record<string, string> {
  const { REDIS_CONNECTION_STRING: connectionString, ...others } = variables;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(others)) if (value !== undefined) kept[name] = value;
  if (region !== undefined) kept.AWS_REGION = region;
  if (connectionString !== undefined) kept.REDIS_CONNECTION_STRING = withoutCredentials(connectionString);
  // Outside npm's scripts nobody has put the pinned CLI on the path.
  kept.PATH = [kept.PATH, join(root, 'node_modules/.bin')].filter(Boolean).join(delimiter);
  return kept;
}
