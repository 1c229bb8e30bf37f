/** Where the deployment's words go. */
export interface Report {
  line(text: string): void;
}

export const consoleReport: Report = { line: (text) => console.log(text) };

/** Announces each step with its number and, when it ends, what came of it and how long it took. */
export class Progress {
  #number = 0;

  constructor(
    private readonly report: Report,
    private readonly total: number,
  ) {}

  /** Runs one step. The text it returns, if any, is said behind a tick. */
  async step(title: string, run: () => Promise<string | undefined>): Promise<void> {
    this.#number += 1;
    const started = performance.now();
    this.report.line(`\n[${this.#number}/${this.total}] ${title}`);
    const outcome = await run();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    this.report.line(`      ✓ ${outcome ?? 'done'} (${seconds} s)`);
  }
}
