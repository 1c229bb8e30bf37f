import type { ObjectStore } from '../../lambda/store/object-store';
import type { EnvironmentName } from '../../lambda/names/environments';

/** Figures of the plan; 0 where none is known. */
export interface PlanFigures {
  readonly memoryMb: number;
  readonly connections: number;
  readonly opsPerSecond: number;
}

export interface SecretAge {
  readonly lastChanged: Date | undefined;
  readonly rotationEnabled: boolean;
}

/** What the doctor examines, and the ways to get at it. Each may reject; the check then says so. */
export interface Patient {
  /** undefined for a Redis and a store of one's own. */
  readonly environment: EnvironmentName | undefined;
  /** The problem with the environment's variables, when there is one. */
  readonly configurationProblem: string | undefined;
  readonly plan: PlanFigures;
  readonly backup: { readonly prefix: string; readonly maxAgeHours: number | undefined };
  connectionString(): Promise<string>;
  store(): Promise<ObjectStore>;
  /** undefined where the connection string comes from no secret. */
  readonly secretAge: (() => Promise<SecretAge>) | undefined;
  now(): Date;
  /** From 0 to below 1. */
  random(): number;
}
