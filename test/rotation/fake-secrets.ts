import type { SecretReader } from '../../lambda/redis/secret';
import { type SecretVersions, STAGE } from '../../lambda/rotation/secret-versions';

interface Version {
  value?: string;
  stages: Set<string>;
}

/** One secret with the version and label rules of Secrets Manager. */
export class FakeSecret implements SecretVersions, SecretReader {
  readonly versions = new Map<string, Version>();
  rotationEnabled = true;

  constructor(value: string) {
    this.versions.set('first', { value, stages: new Set([STAGE.current]) });
  }

  /** What RotateSecret does before it calls the function: a pending version without a value. */
  begin(token: string): void {
    for (const { stages } of this.versions.values()) stages.delete(STAGE.pending);
    this.versions.set(token, { stages: new Set([STAGE.pending]) });
  }

  current(): string {
    return this.#find(STAGE.current)?.value ?? '';
  }

  previous(): string | undefined {
    return this.#find('AWSPREVIOUS')?.value;
  }

  #find(stage: string): Version | undefined {
    return [...this.versions.values()].find(({ stages }) => stages.has(stage));
  }

  read(): Promise<string | undefined> {
    return Promise.resolve(this.current());
  }

  describe() {
    const stages = new Map([...this.versions].map(([id, version]) => [id, [...version.stages]] as const));
    return Promise.resolve({ rotationEnabled: this.rotationEnabled, stages });
  }

  value(_secretId: string, stage: string, versionId?: string): Promise<string | undefined> {
    const version = versionId === undefined ? this.#find(stage) : this.versions.get(versionId);
    return Promise.resolve(version?.stages.has(stage) === true ? version.value : undefined);
  }

  putPending(_secretId: string, versionId: string, value: string): Promise<void> {
    const version = this.versions.get(versionId);
    if (version?.value !== undefined && version.value !== value) {
      return Promise.reject(new Error('ResourceExistsException'));
    }
    for (const { stages } of this.versions.values()) stages.delete(STAGE.pending);
    this.versions.set(versionId, { value, stages: new Set([STAGE.pending]) });
    return Promise.resolve();
  }

  makeCurrent(_secretId: string, versionId: string, fromVersionId: string): Promise<void> {
    const to = this.versions.get(versionId);
    const from = this.versions.get(fromVersionId);
    if (to?.value === undefined || from?.stages.has(STAGE.current) !== true) {
      return Promise.reject(new Error('InvalidParameterException'));
    }
    for (const { stages } of this.versions.values()) stages.delete('AWSPREVIOUS');
    from.stages.delete(STAGE.current);
    from.stages.add('AWSPREVIOUS');
    to.stages.add(STAGE.current);
    return Promise.resolve();
  }
}
