import type { CodeRecord } from '../../codes/record';

/** A record with the line it came from. */
export interface ImportedRecord {
  line: number;
  record: CodeRecord;
}
