import { lookUpCategory } from './categories';
import { lookUpBatch, lookUpRecord, type RecordQuestion } from './codes';
import { lookUpCrosswalk, lookUpCrosswalkPair } from './crosswalks';
import type { LookupHost } from './host';
import { lookUpHotCodes } from './hot-codes';
import type { BatchQuestion, CategoryRequest, CodeRef } from './questions';

/**
 * Everything the service answers, for one process. Codes, categories and team ids come in canonical spelling
 * (lambda/codes). Every question throws SourceUnavailable when neither cache nor catalog can answer.
 */
export function createLookups(host: LookupHost) {
  return {
    record: (question: RecordQuestion, usageTeam?: string) => lookUpRecord(host, question, usageTeam),
    category: (request: CategoryRequest) => lookUpCategory(host, request),
    hotCodes: (teamId: string, limit: number, on?: string) => lookUpHotCodes(host, teamId, limit, on),
    crosswalk: (icd10: string, on?: string) => lookUpCrosswalk(host, icd10, on),
    crosswalkPair: (icd10: string, procedure: CodeRef, on?: string) =>
      lookUpCrosswalkPair(host, icd10, procedure, on),
    batch: (question: BatchQuestion, usageTeam?: string) => lookUpBatch(host, question, usageTeam),
  };
}
export type Lookups = ReturnType<typeof createLookups>;
