import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const LISTENING = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/m;

/** `npm start` as a process of its own. */
export class StartedServer {
  stdout = '';
  stderr = '';
  readonly closed: Promise<number | null>;

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.closed = once(child, 'close').then(([code]) => code as number | null);
  }

  /** Starts the script behind `npm start`, with nothing of this process's environment but where programs are. */
  static run(variables: Record<string, string>): StartedServer {
    return StartedServer.#of([process.execPath, '--import', 'tsx', 'local/server.ts'], variables);
  }

  /** Starts it by npm, as a person does. */
  static npm(variables: Record<string, string>): StartedServer {
    return StartedServer.#of(['npm', 'start'], variables);
  }

  static #of([command = '', ...args]: string[], variables: Record<string, string>): StartedServer {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...variables };
    return new StartedServer(spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Starts and waits for the line; the URL is in it. */
  static async ready(variables: Record<string, string>): Promise<StartedServer> {
    const server = StartedServer.run({ PORT: '0', ...variables });
    await server.url();
    return server;
  }

  async url(): Promise<string> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const url = LISTENING.exec(this.stdout)?.[1];
      if (url !== undefined) return url;
      if (this.child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`no server: exit ${this.child.exitCode}\n${this.stdout}${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${await this.url()}${path}`, { headers });
  }

  /** @returns the exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.closed;
  }
}
