/** A source that cannot be imported: the file, the line where there is one, the reason, and what to do. */
export class ImportError extends Error {
  constructor(
    readonly file: string,
    readonly line: number | undefined,
    readonly reason: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${line === undefined ? file : `${file}, line ${line}`}: ${reason}. ${remedy}`, options);
    this.name = 'ImportError';
  }
}

/** A line that a build left out. */
export interface SkippedLine {
  file: string;
  line: number;
  reason: string;
}

/** Most lines that are listed one by one; beyond, they are only counted. */
const LISTED = 1_000;

/**
 * What importers do with a line they cannot use: stop the build, or with `skipInvalid` leave it out, count
 * it and list it. Nothing is ever dropped without a word.
 */
export class BadLines {
  readonly listed: SkippedLine[] = [];
  readonly #counts = new Map<string, number>();

  constructor(private readonly skipInvalid: boolean) {}

  /** @throws ImportError unless bad lines are to be skipped */
  reject(file: string, line: number, reason: string, remedy = 'Correct the line'): void {
    if (!this.skipInvalid) {
      throw new ImportError(file, line, reason, `${remedy}, or pass --skip-invalid to leave such lines out.`);
    }
    this.#counts.set(file, this.countOf(file) + 1);
    if (this.listed.length < LISTED) this.listed.push({ file, line, reason });
  }

  countOf(file: string): number {
    return this.#counts.get(file) ?? 0;
  }

  get total(): number {
    let total = 0;
    for (const count of this.#counts.values()) total += count;
    return total;
  }
}
