import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as z from 'zod/mini';
import type { Contender } from './contender';
import type { RoundReport } from './contestants/protocol';

/**
 * Calls a bundle's handler once and says where the answer came from and what the process has cost until then. On a
 * stream of its own, because standard output carries the function's log.
 */
const FIRST_ANSWER = `
require(process.argv[1]).handler(JSON.parse(process.argv[2])).then(({ statusCode, headers }) => {
  const said = { statusCode, cache: headers['x-cache'], cpu: process.cpuUsage() };
  require('node:fs').writeSync(3, JSON.stringify(said));
});`;

const answerSchema = z.object({
  statusCode: z.literal(200),
  cache: z.string(),
  /** Microseconds. */
  cpu: z.object({ user: z.number(), system: z.number() }),
});

export interface ColdFunction {
  readonly name: string;
  /** Path of the bundle. */
  readonly bundle: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly event: object;
}

/** A function that is started anew for each round: from the process's start to its first answer. */
export class ColdStart implements Contender {
  readonly name: string;

  constructor(private readonly cold: ColdFunction) {
    this.name = cold.name;
  }

  async round(): Promise<RoundReport> {
    // Untimed, so that Redis holds what is asked for and the machine has the files in memory.
    await this.#firstAnswer();
    return this.#firstAnswer();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  async #firstAnswer(): Promise<RoundReport> {
    const { bundle, event, variables } = this.cold;
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['-e', FIRST_ANSWER, bundle, JSON.stringify(event)], {
      env: { PATH: process.env.PATH, ...variables },
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    const exited = once(child, 'exit');
    try {
      const said = await new Promise<string>((resolve, reject) => {
        child.stdio[3]?.once('data', (chunk: Buffer) => resolve(chunk.toString()));
        child.once('exit', () => reject(new Error(`${this.name} ended without an answer`)));
      });
      const wallMs = performance.now() - startedAt;
      const { cache, cpu } = answerSchema.parse(JSON.parse(said));
      const strays = cache === 'redis' ? 0 : 1;
      return { operations: 1, wallMs, cpuMs: (cpu.user + cpu.system) / 1_000, strays };
    } finally {
      // A function keeps its connection and would wait for the next event.
      child.kill('SIGKILL');
      await exited;
    }
  }
}
