import type { CodeRecord } from '../codes/record';
import type { CodeType } from '../names/code-types';
import type { BatchResult, CategoryPage, Crosswalk, CrosswalkPair, Found, HotCodesAnswer } from './answers';

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

/**
 * Everything the service answers. Codes, categories and team ids come in canonical spelling (lambda/codes).
 * Every method throws SourceUnavailable when neither cache nor catalog can answer.
 */
export interface Lookups {
  /** @throws NotInRelease */
  record(type: CodeType, code: string, usageTeam?: string): Promise<Found<CodeRecord>>;
  /** @throws NotInRelease for a category without codes; InvalidRequest for a cursor of another list */
  category(request: CategoryRequest): Promise<Found<CategoryPage>>;
  /** A team nobody has counted for yet has an empty list. */
  hotCodes(teamId: string, limit: number): Promise<Found<HotCodesAnswer>>;
  /** @throws NotInRelease for an unknown ICD-10 code; a known one without links has an empty list */
  crosswalk(icd10: string): Promise<Found<Crosswalk>>;
  /** @throws NotInRelease for an unknown ICD-10 code, or procedure of a system the release carries */
  crosswalkPair(icd10: string, procedure: CodeRef): Promise<Found<CrosswalkPair>>;
  /** One result per code, in order; unknown ones are `found: false`. */
  batch(codes: readonly CodeRef[], usageTeam?: string): Promise<Found<BatchResult[]>>;
}
