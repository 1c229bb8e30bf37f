import type { AppError } from '../names/errors';
import type { CodeType } from '../names/code-types';

/** A code in canonical spelling. */
export interface CodeRef {
  readonly type: CodeType;
  readonly code: string;
}

/** Many codes at once. What cannot be one carries what is wrong with it, and the caller's own spelling. */
export interface BatchQuestion {
  /** Date of service of all; today by default. */
  readonly on?: string | undefined;
  readonly items: readonly (CodeRef & { readonly problem?: AppError | undefined })[];
}

/** A page of a category's list. */
export interface CategoryRequest {
  readonly type: CodeType;
  readonly category: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Date of service; today by default. */
  readonly on?: string | undefined;
  /** `active`, by default, or also what is future or ended on that date. */
  readonly status?: 'active' | 'all' | undefined;
  /** Only billable codes, or only header codes; both when undefined. */
  readonly billable?: boolean | undefined;
}
