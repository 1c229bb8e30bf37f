/** Staging labels of Secrets Manager. */
export const STAGE = { current: 'AWSCURRENT', pending: 'AWSPENDING' } as const;
export type Stage = (typeof STAGE)[keyof typeof STAGE];

export interface SecretDescription {
  /** undefined where the store does not tell. */
  readonly rotationEnabled: boolean | undefined;
  /** Labels by version id. */
  readonly stages: ReadonlyMap<string, readonly string[]>;
}

/** What a rotation needs of Secrets Manager. */
export interface SecretVersions {
  describe(secretId: string): Promise<SecretDescription>;
  /** Value of the version that carries the label (and has the id); undefined when there is none. */
  value(secretId: string, stage: Stage, versionId?: string): Promise<string | undefined>;
  /** Stores a value as version `versionId` with the label AWSPENDING. */
  putPending(secretId: string, versionId: string, value: string): Promise<void>;
  /** Moves AWSCURRENT, in one step, from one version to another. */
  makeCurrent(secretId: string, versionId: string, fromVersionId: string): Promise<void>;
}
