/** A rotation cannot go on; the message says why and what to do, and holds no secret. */
export class RotationFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RotationFailed';
  }
}

/**
 * How new credentials come to be valid at the Redis in use. Values are secrets' values: connection strings.
 * Every method may be called again after it was cut off anywhere.
 */
export interface RotationStrategy {
  /** The next value, made of the current one. Changes nothing anywhere. */
  propose(current: string): string;
  /** Makes `pending` valid while `current` stays valid. */
  apply(pending: string, current: string): Promise<void>;
  /** Ends what came before `current`, which by now is what every reader of the secret gets. */
  retire(current: string): Promise<void>;
}
