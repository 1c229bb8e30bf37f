import { AppError } from '../../lambda/names/errors';
import { ConfigError } from '../../lib/config/config-error';

/** Process exit codes of every command and script. */
export const EXIT = {
  ok: 0,
  /** It ran and failed, or its answer is "no". */
  failed: 1,
  /** Refused before anything changed: called wrongly, a bad variable, a check that did not pass. */
  refused: 2,
} as const;

/** The command was called wrongly; the message names the option or variable and the remedy. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** A check did not pass or nobody confirmed, and nothing was changed. The message says why and what to do. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refused';
  }
}

/** A step failed on the way; what came before it stays done. */
export class StepFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StepFailed';
  }
}

export interface Failure {
  exitCode: number;
  code: string;
  message: string;
}

/** What a thrown value means to the caller of a command. Unexpected errors keep their message, never a stack. */
export function failureOf(error: unknown): Failure {
  const refused = (code: string, { message }: Error): Failure => ({
    exitCode: EXIT.refused,
    code,
    message,
  });
  if (error instanceof UsageError) return refused('USAGE', error);
  if (error instanceof Refused) return refused('REFUSED', error);
  if (error instanceof ConfigError) return refused('CONFIGURATION', error);
  if (error instanceof AppError) {
    const badInput = error.code === 'INVALID_CODE' || error.code === 'INVALID_REQUEST';
    return { exitCode: badInput ? EXIT.refused : EXIT.failed, code: error.code, message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: EXIT.failed, code: 'FAILED', message };
}
