/**
 * Errors a caller can act on. Each carries the stable `code` that the API answers and the CLI prints;
 * the message says what is wrong and what to do next, and never holds a secret or a stack trace.
 */
export type ErrorCode =
  | 'INVALID_CODE'
  | 'INVALID_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN_TEAM'
  | 'UNKNOWN_CODE'
  | 'NO_EDITION'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'PAYLOAD_TOO_LARGE'
  | 'TOO_MANY_REQUESTS'
  | 'UNAVAILABLE';

/** Base of every expected failure. `details` become extra members of the problem document. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A code that cannot be one of its system's, whatever the data says. */
export class InvalidCode extends AppError {
  constructor(message: string, details: { field: string; expected: string; suggestion?: string }) {
    super('INVALID_CODE', message, details);
  }
}

/** A request part other than a code that is out of shape; `field` names it. */
export class InvalidRequest extends AppError {
  constructor(field: string, message: string) {
    super('INVALID_REQUEST', message, { field });
  }
}

/** A well-formed code or category that the live release does not hold; not `type`, which a problem has already. */
export class UnknownCode extends AppError {
  constructor(message: string, details: { codeType: string; value: string }) {
    super('UNKNOWN_CODE', message, details);
  }
}

/** The source of truth cannot be read, or what it holds is damaged. Retrying later may help. */
export class SourceUnavailable extends AppError {
  constructor(message: string, options?: ErrorOptions) {
    super('UNAVAILABLE', message, {}, options);
  }
}
