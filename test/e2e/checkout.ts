import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What a script printed and how it ended. */
export interface Ran {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  readonly stdout: string;
}

const LEFT_OUT = new Set(['node_modules', '.git', 'cdk.out', 'dist', '.cache', '.venv']);
const SCRIPT_TIMEOUT_MS = 240_000;

/**
 * A copy of the project to run its npm scripts in. A developer's own `.env` files stay behind, so that the test
 * can neither read nor touch anything of theirs.
 */
export class Checkout {
  private constructor(
    readonly folder: string,
    private readonly logs: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static create(
    root: string,
    folder: string,
    logs: string,
    environment: Readonly<Record<string, string>>,
  ): Checkout {
    mkdirSync(logs, { recursive: true });
    cpSync(root, folder, {
      recursive: true,
      filter: (path) => {
        const name = basename(path);
        return (
          path === root || (!LEFT_OUT.has(name) && (!name.startsWith('.env') || name === '.env.example'))
        );
      },
    });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return new Checkout(folder, logs, environment);
  }

  writeVariables(environment: string, variables: Readonly<Record<string, string>>): void {
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(this.folder, `.env.${environment}`), `${lines.join('\n')}\n`);
  }

  /** Puts an environment's connection string where the CDK keeps its context. */
  writeContext(environment: string, redisConnectionString: string): void {
    const path = join(this.folder, 'cdk.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as { context: Record<string, unknown> };
    file.context[environment] = { redisConnectionString };
    writeFileSync(path, JSON.stringify(file, null, 2));
  }

  /** `npm run <script> -- <words>`, with everything it says in a log. */
  npm(
    script: string,
    words: readonly string[] = [],
    extra: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    return this.run('npm', ['run', script, ...(words.length > 0 ? ['--', ...words] : [])], extra);
  }

  async run(
    command: string,
    words: readonly string[],
    extra: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    const child = spawn(command, words, {
      cwd: this.folder,
      env: { ...this.environment, ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: SCRIPT_TIMEOUT_MS,
    });
    let output = '';
    let stdout = '';
    const log = join(this.logs, 'scripts.log');
    appendFileSync(log, `\n$ ${command} ${words.join(' ')}\n`);
    const keep = (text: string): void => {
      output += text;
      appendFileSync(log, text);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      keep(chunk.toString());
    });
    child.stderr.on('data', (chunk: Buffer) => keep(chunk.toString()));
    const [code] = await once(child, 'close');
    return { code: typeof code === 'number' ? code : -1, output, stdout };
  }
}
