import type { CodeRecord } from '../../codes/record';

/** A record with the line it came from. */
export interface ImportedRecord {
  line: number;
  record: CodeRecord;
  /** When what the line says came into force, where the file tells that of each. */
  effective?: string | undefined;
}
