import { parseCode } from '../../codes/parse';
import { CODE_SYSTEMS } from '../../codes/systems';
import { AppError } from '../../names/errors';
import type { LinkGroup } from '../link-groups';

/** A group as its importer found it. */
export interface ImportedGroup extends LinkGroup {
  /** Whether the same link again is a mistake; in coverage articles it is not. */
  readonly once: boolean;
}

/** One row of a crosswalk: a diagnosis and what it is linked to. */
export interface ImportedLinks {
  readonly file: string;
  readonly line: number;
  readonly icd10: string;
  readonly group: ImportedGroup;
}

/** A canonical ICD-10-CM code, or undefined when the text is none. */
export function diagnosisIn(text: string): string | undefined {
  try {
    return parseCode('icd10', text);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** A canonical CPT or HCPCS code, or undefined when the text is neither. */
export function procedureIn(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  const known = CODE_SYSTEMS.cpt.format.test(code) || CODE_SYSTEMS.hcpcs.format.test(code);
  return known ? code : undefined;
}
