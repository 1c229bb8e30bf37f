/**
 * A value that no deployment can use. One line: the variable, what is wrong with it, what to do. The value
 * itself is never part of it, so that a secret in the wrong place shows nowhere.
 */
export class ConfigError extends Error {
  constructor(
    readonly variable: string,
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${variable}: ${problem}; ${remedy}`);
    this.name = 'ConfigError';
  }
}
