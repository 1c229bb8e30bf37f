import { AppError } from '../../lambda/names/errors';

/** Process exit codes of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** The command was called wrongly; the message names the option or variable and the remedy. Exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The command ran and its answer is "no": a check failed, a comparison differs. Already reported; exit code 1. */
export class CheckFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CheckFailed';
  }
}

export interface Failure {
  exitCode: number;
  code: string;
  message: string;
}

/** What a thrown value means to the caller of a command. Unexpected errors keep their message, never a stack. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { exitCode: EXIT.usage, code: 'USAGE', message: error.message };
  if (error instanceof AppError) {
    const badInput = error.code === 'INVALID_CODE' || error.code === 'INVALID_REQUEST';
    return { exitCode: badInput ? EXIT.usage : EXIT.failed, code: error.code, message: error.message };
  }
  // The configuration's own error class lives with the infrastructure; its name is enough to tell it.
  if (error instanceof Error && error.name === 'ConfigError') {
    return { exitCode: EXIT.usage, code: 'CONFIGURATION', message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: EXIT.failed, code: 'FAILED', message };
}
