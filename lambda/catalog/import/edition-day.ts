import { isDay } from '../../codes/days';
import type { CodeType } from '../../names/code-types';
import { InvalidRequest } from '../../names/errors';

/** A file with the first day of what it says, where somebody named one. */
export interface DatedSource {
  readonly path: string;
  /** `YYYY-MM-DD`; absent where the file's own name or its records have to tell. */
  readonly from?: string | undefined;
}

const NAMED_DAY = /^([\d-]*\d{4}[\d-]*)=(.+)$/s;

/**
 * A file as an option names it, `2025-10-01=F` or `F`.
 * @throws InvalidRequest naming the option for a day that is none
 */
export function parseDatedSource(text: string, option: string): DatedSource {
  const [, from, path] = NAMED_DAY.exec(text) ?? [];
  if (from === undefined || path === undefined) return { path: text };
  if (isDay(from)) return { path, from };
  throw new InvalidRequest(
    option,
    `${option} ${JSON.stringify(text.slice(0, 64))} begins with ${from}, which is no day; write DATE=FILE with a day such as 2025-10-01.`,
  );
}

/**
 * The first day that a publisher's file name means: ICD-10-CM of a year is in force from 1 October before it, its April
 * update from 1 April; CPT of a year from 1 January. HCPCS goes by its records.
 * @param name without folder
 */
export function editionDayOf(type: CodeType, name: string): string | undefined {
  const year = Number(/(?<!\d)(20\d\d)(?!\d)/.exec(name)?.[1]);
  if (Number.isNaN(year)) return undefined;
  if (type === 'icd10' && /icd-?10/i.test(name)) {
    return /apr/i.test(name) ? `${year}-04-01` : `${year - 1}-10-01`;
  }
  return type === 'cpt' && /cpt|ult/i.test(name) ? `${year}-01-01` : undefined;
}
