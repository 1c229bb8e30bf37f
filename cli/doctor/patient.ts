import type { ObjectStore } from '../../lambda/store/object-store';
import type { EnvironmentFigures } from '../environment-figures';
import type { EnvironmentName } from '../../lambda/names/environments';

export interface SecretAge {
  readonly lastChanged: Date | undefined;
  readonly rotationEnabled: boolean;
}

/** What the doctor examines, and the ways to get at it. Each may reject; the check then says so. */
export interface Patient extends Pick<EnvironmentFigures, 'plan'> {
  /** undefined for a Redis and a store of one's own. */
  readonly environment: EnvironmentName | undefined;
  /** The problem with the environment's variables, when there is one. */
  readonly configurationProblem: string | undefined;
  readonly backup: Pick<EnvironmentFigures['backup'], 'prefix' | 'maxAgeHours'>;
  connectionString(): Promise<string>;
  store(): Promise<ObjectStore>;
  /** undefined where the connection string comes from no secret. */
  readonly secretAge: (() => Promise<SecretAge>) | undefined;
  now(): Date;
  /** From 0 to below 1. */
  random(): number;
}
