import type { Output } from './output';

/** Announces each step with its number and, when it ends, what came of it and how long it took. */
export class Steps {
  #number = 0;

  constructor(
    private readonly output: Pick<Output, 'note'>,
    private readonly total: number,
  ) {}

  /** Runs one step. The text it returns, if any, is said behind a tick. */
  async step(title: string, run: () => Promise<string | undefined>): Promise<void> {
    this.#number += 1;
    const started = performance.now();
    this.output.note(`\n[${this.#number}/${this.total}] ${title}`);
    const outcome = await run();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    this.output.note(`      ✓ ${outcome ?? 'done'} (${seconds} s)`);
  }
}
