import type { CodeType } from '../../names/code-types';

/** Files of a release by kind; each may be plain or gzip, and in any format its kind takes. */
export type BuildSources = Record<CodeType, readonly string[]> & {
  icd10Notes: readonly string[];
  crosswalk: readonly string[];
};

export interface BuildRequest {
  release: string;
  sources: BuildSources;
  /** Leave out and list lines that cannot be imported, instead of stopping at the first. */
  skipInvalid?: boolean;
}

/** How far a build is: reading a source counts bytes, storing counts objects. */
export interface BuildProgress {
  step: 'read' | 'store';
  /** File or kind of object at work. */
  subject: string;
  done: number;
  total: number;
}

export interface BuildHost {
  now(): Date;
  onProgress?(progress: BuildProgress): void;
  /** Ends the build at its next safe point; nothing of it is visible then. */
  readonly signal?: AbortSignal;
}
