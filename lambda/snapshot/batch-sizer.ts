/** What reading or writing may hold of values at once, bytes. One larger value is a batch of its own. */
export const BUDGET = {
  /** Payloads of a batch. */
  batch: 4 * 1024 * 1024,
  /** A reply to several keys that grows past this is cut off: their sizes were misjudged. */
  reply: 16 * 1024 * 1024,
  /** A value from which on sizes are asked for instead of guessed. */
  largeValue: 1024 * 1024,
} as const;

/** Keys of a batch, however small their values are. */
export const MAX_BATCH_KEYS = 250;

/** How many keys to ask for at once, so that neither memory nor the plan's rate is exceeded. */
export class BatchSizer {
  /** Most keys of a batch at this rate. */
  readonly most: number;
  #keys = 1;
  #askSizes = false;

  /** @param opsPerSecond 0 means unlimited */
  constructor(opsPerSecond: number) {
    // Two operations a key; half a second's worth in one go.
    this.most = opsPerSecond === 0 ? MAX_BATCH_KEYS : clamp(Math.floor(opsPerSecond / 4), MAX_BATCH_KEYS);
  }

  /** Keys of the next batch, guessed by the size of what came before. */
  get keys(): number {
    return this.#keys;
  }

  /** Whether a large value was seen, so that guessing is too bold. */
  get askSizes(): boolean {
    return this.#askSizes;
  }

  /** How many of the next keys fit, by their sizes; a key whose size is unknown goes alone. Always at least one. */
  fitting(sizes: readonly (number | undefined)[]): number {
    let bytes = 0;
    let count = 0;
    for (const size of sizes) {
      bytes += size ?? BUDGET.batch;
      if (bytes > BUDGET.batch) break;
      count += 1;
    }
    return clamp(count, this.most);
  }

  /** Shrinks at once where values are large, and grows step by step: a run of large ones may follow small ones. */
  saw(sizes: readonly number[]): void {
    const largest = Math.max(...sizes);
    if (largest > BUDGET.largeValue) this.#askSizes = true;
    const fitting = Math.floor(BUDGET.batch / Math.max(1, largest));
    this.#keys = clamp(fitting, Math.min(this.#keys * 2, this.most));
  }

  /** A reply had to be cut off. */
  sawTooMuch(): void {
    this.#askSizes = true;
    this.#keys = 1;
  }
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(1, value));
}
