import type { CodeType } from '../../names/code-types';
import type { DatedSource } from '../import/edition-day';

/** Files of a release by kind; each may be plain or gzip, and in any format its kind takes. */
export type BuildSources = Record<CodeType, readonly DatedSource[]> & {
  icd10Notes: readonly DatedSource[];
  icd10Addenda: readonly DatedSource[];
  icd10Conversion: readonly string[];
  crosswalk: readonly string[];
};

/** Files as a caller names them; a path alone is a file whose day is not named. */
export type NamedSources = {
  readonly [Kind in keyof BuildSources]?: readonly (string | BuildSources[Kind][number])[];
};

export interface BuildRequest {
  release: string;
  /** What is not named is none, or that of the base. */
  sources: NamedSources;
  /** Id of a complete release of the same store, from which everything is carried over that is not given anew. */
  base?: string | undefined;
  /** Leave out and list lines that cannot be imported, instead of stopping at the first. */
  skipInvalid?: boolean;
}

/** How far a build is: reading a source counts bytes, storing and carrying over count objects. */
export interface BuildProgress {
  step: 'read' | 'store' | 'carry';
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
