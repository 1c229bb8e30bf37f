import { failureOf } from './failure';

/** Where a command's words go; tests hand in their own pair of streams. */
export interface Streams {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/**
 * A command's one way to speak. With `--json` standard output carries exactly one JSON document, the result
 * or the error; everything said to a person then goes to standard error.
 */
export class Output {
  #answered = false;

  constructor(
    readonly json: boolean,
    private readonly streams: Streams = process,
  ) {}

  /** The command's answer: `value` as JSON, or what `text` makes of it for a person. */
  result(value: unknown, text: () => string): void {
    this.#answered = true;
    this.streams.stdout.write(this.json ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`);
  }

  /** A remark on the way. */
  note(text: string): void {
    (this.json ? this.streams.stderr : this.streams.stdout).write(`${text}\n`);
  }

  /** A remark that must not be taken for the answer. */
  warn(text: string): void {
    this.streams.stderr.write(`warning: ${text}\n`);
  }

  /** Reports a failure and returns the exit code it deserves. */
  failure(error: unknown): number {
    const { exitCode, code, message } = failureOf(error);
    // A check that reported its findings and then failed has given its one document already.
    if (this.json && !this.#answered)
      this.streams.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
    else this.streams.stderr.write(`error: ${message}\n`);
    return exitCode;
  }
}
