import { type Progress, startProgress } from './progress';

/** One progress bar after another for work that goes through named steps. */
export class StepBars {
  #label: string | undefined;
  #bar: Progress | undefined;

  /** Shows how far a step is; a new label ends the bar before it. */
  show(label: string, unit: string, done: number, total: number): void {
    if (label !== this.#label) {
      this.stop();
      this.#label = label;
      this.#bar = startProgress(label, unit, total);
    }
    this.#bar?.update(done, total);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
