/** Exit codes of the deployment scripts. */
export const EXIT = {
  done: 0,
  /** A step failed on the way; some stacks may have changed. */
  failed: 1,
  /** Refused before anything changed: a bad variable or argument, or a check that did not pass. */
  refused: 2,
} as const;

/** A check did not pass and nothing was changed. The message says why and what to do; it holds no secret. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refused';
  }
}

/** A step of the deployment failed after the checks had passed. */
export class StepFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StepFailed';
  }
}
