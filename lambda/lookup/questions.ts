import type { CodeType } from '../names/code-types';

/** A code in canonical spelling. */
export interface CodeRef {
  readonly type: CodeType;
  readonly code: string;
}

/** A page of a category's list. */
export interface CategoryRequest {
  readonly type: CodeType;
  readonly category: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Only billable codes, or only header codes; both when undefined. */
  readonly billable?: boolean | undefined;
}
