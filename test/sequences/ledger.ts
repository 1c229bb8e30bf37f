import type { Judged, Question } from './questions';

/** Milliseconds after the store was back in which an answer may still be refused for want of it. */
const STORE_RECOVERS_WITHIN = 15_000;

/** What happened, with its time, and what was answered. */
export class Ledger {
  readonly events: string[] = [];
  /** Answers by who gave them, and those refused while the store was out. */
  readonly answers: Record<string, number> = {};
  /** What no sequence may lead to, the first of it. */
  fault: string | undefined;
  readonly #since = performance.now();
  #storeOutSince: number | undefined;
  #storeBackAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly show: (line: string) => void) {}

  get seconds(): number {
    return (performance.now() - this.#since) / 1_000;
  }

  say(line: string): void {
    const timed = `${this.seconds.toFixed(3).padStart(8)} s  ${line}`;
    this.events.push(timed);
    this.show(timed);
  }

  storeGoes(): void {
    this.#storeOutSince = performance.now();
  }

  storeReturns(): void {
    this.#storeOutSince = undefined;
    this.#storeBackAt = performance.now();
  }

  take(
    reader: string,
    question: Question,
    { status, outcome, release, fault }: Judged,
    askedAt: number,
  ): void {
    const kind = status === 503 ? 'refused' : outcome;
    this.answers[kind] = (this.answers[kind] ?? 0) + 1;
    const storeWasOut =
      this.#storeOutSince !== undefined || askedAt < this.#storeBackAt + STORE_RECOVERS_WITHIN;
    const what = fault ?? (status === 503 && !storeWasOut ? 'refused, with the store in order' : undefined);
    if (what !== undefined) this.blame(`${reader}: ${question.text} (${outcome}, ${release}): ${what}`);
  }

  blame(fault: string): void {
    if (this.fault !== undefined) return;
    this.fault = fault;
    this.say(`FAULT  ${fault}`);
  }
}
