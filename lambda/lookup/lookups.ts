import type { CodeType } from '../names/code-types';
import { lookUpCategory } from './categories';
import { lookUpBatch, lookUpRecord } from './codes';
import { lookUpCrosswalk, lookUpCrosswalkPair } from './crosswalks';
import type { LookupHost } from './host';
import { lookUpHotCodes } from './hot-codes';
import type { CategoryRequest, CodeRef } from './questions';

/**
 * Everything the service answers, for one process. Codes, categories and team ids come in canonical spelling
 * (lambda/codes). Every question throws SourceUnavailable when neither cache nor catalog can answer.
 */
export function createLookups(host: LookupHost) {
  return {
    record: (type: CodeType, code: string, usageTeam?: string) => lookUpRecord(host, type, code, usageTeam),
    category: (request: CategoryRequest) => lookUpCategory(host, request),
    hotCodes: (teamId: string, limit: number) => lookUpHotCodes(host, teamId, limit),
    crosswalk: (icd10: string) => lookUpCrosswalk(host, icd10),
    crosswalkPair: (icd10: string, procedure: CodeRef) => lookUpCrosswalkPair(host, icd10, procedure),
    batch: (codes: readonly CodeRef[], usageTeam?: string) => lookUpBatch(host, codes, usageTeam),
  };
}
export type Lookups = ReturnType<typeof createLookups>;
