import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SCRIPT = join(__dirname, 'publisher-child.ts');

/** How a publisher ended. */
export type PublishEnd = 'in full' | 'overtaken' | 'failed' | 'killed';

/** A publisher's process. */
export class Publisher {
  readonly end: Promise<PublishEnd>;
  /** What it said was wrong. */
  complaint = '';
  readonly #child: ChildProcess;
  readonly #begun: Promise<unknown>;

  /** @param pauses milliseconds before it announces, removes and finishes */
  constructor(
    readonly release: string,
    { storeUrl, redis }: { storeUrl: string; redis: string },
    pauses: readonly [number, number, number],
  ) {
    const args = [storeUrl, release, redis, ...pauses.map(String)];
    const child = spawn(process.execPath, ['--import', require.resolve('tsx'), SCRIPT, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Under jest, process.env is a copy that children do not get by themselves.
      env: process.env,
    });
    this.#child = child;
    child.stderr.on('data', (chunk: Buffer) => (this.complaint += chunk.toString().trim()));
    const closed = once(child, 'close').then(([code]): PublishEnd => {
      if (code === null) return 'killed';
      return code === 0 ? 'in full' : code === 2 ? 'overtaken' : 'failed';
    });
    this.#begun = Promise.race([once(child.stdout, 'data'), closed]);
    this.end = closed;
  }

  /** Kills it so long after it began, where it stands. */
  async killAfter(milliseconds: number): Promise<PublishEnd> {
    await this.#begun;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), milliseconds);
    const end = await this.end;
    clearTimeout(timer);
    return end;
  }
}
