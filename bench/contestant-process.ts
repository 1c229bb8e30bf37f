import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bundleFile } from '../lib/functions/bundle';
import type { Contender } from './contender';
import { reportSchema, type RoundReport, type Task } from './contestants/protocol';

/** How long a contestant works before it counts, milliseconds: by then its code has been compiled for good. */
const WARM_UP = 1_500;

export type ContestantName = 'product' | 'get-and-parse' | 'bare-get';

/** A contestant of bench/contestants, built like a deployed function and run by Node with nothing added. */
export class ContestantProcess implements Contender {
  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly milliseconds: number,
  ) {}

  /**
   * Starts one and warms it up.
   * @param folder where its bundle goes
   * @param milliseconds how long a round lasts
   */
  static async start(
    name: ContestantName,
    task: Task,
    folder: string,
    milliseconds: number,
  ): Promise<ContestantProcess> {
    const bundle = join(folder, `${name}.js`);
    bundleFile(join(__dirname, 'contestants', `${name}.ts`), bundle);
    const child = fork(bundle, [JSON.stringify(task)], { execArgv: [] });
    const contestant = new ContestantProcess(name, child, milliseconds);
    await contestant.#said();
    await contestant.#work(WARM_UP);
    return contestant;
  }

  round(): Promise<RoundReport> {
    return this.#work(this.milliseconds);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect();
    await exited;
  }

  async #work(milliseconds: number): Promise<RoundReport> {
    this.child.send({ milliseconds });
    return reportSchema.parse(await this.#said());
  }

  /** Its next message. @throws Error when it ends instead */
  #said(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const heard = (message: unknown): void => {
        this.child.off('exit', ended);
        resolve(message);
      };
      const ended = (code: number | null): void => {
        this.child.off('message', heard);
        reject(new Error(`${this.name} ended with ${code ?? 'a signal'}; its reason is above`));
      };
      this.child.once('message', heard);
      this.child.once('exit', ended);
    });
  }
}
