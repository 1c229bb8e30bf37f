import { lookUpCategory } from './categories';
import { lookUpBatch, lookUpRecord } from './codes';
import { lookUpCrosswalk, lookUpCrosswalkPair } from './crosswalks';
import type { LookupHost } from './host';
import { lookUpHotCodes } from './hot-codes';
import type { Lookups } from './lookups';

/** The lookups of one process. */
export function createLookups(host: LookupHost): Lookups {
  return {
    record: (type, code, usageTeam) => lookUpRecord(host, type, code, usageTeam),
    category: (request) => lookUpCategory(host, request),
    hotCodes: (teamId, limit) => lookUpHotCodes(host, teamId, limit),
    crosswalk: (icd10) => lookUpCrosswalk(host, icd10),
    crosswalkPair: (icd10, procedure) => lookUpCrosswalkPair(host, icd10, procedure),
    batch: (codes, usageTeam) => lookUpBatch(host, codes, usageTeam),
  };
}
