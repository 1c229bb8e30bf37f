import * as z from 'zod/mini';
import type { CodeType } from '../names/code-types';
import { dateSchema } from './record';

const daysSchema = z.optional(z.array(dateSchema));

/**
 * First days of the editions that a release holds of each system, oldest first; absent for a system whose one edition
 * holds for every date.
 */
export const editionDaysSchema = z.object({
  icd10: daysSchema,
  cpt: daysSchema,
  hcpcs: daysSchema,
} satisfies Record<CodeType, unknown>);
export type EditionDays = z.infer<typeof editionDaysSchema>;

/** The edition in force on a date, by its first day; undefined where none is dated, or the date is before the first. */
export function editionOn(days: readonly string[] | undefined, on: string): string | undefined {
  return days?.findLast((day) => day <= on);
}

/**
 * The first day that is known of a system, where a date is before it. HCPCS has none: its records carry their own dates.
 */
export function firstDayAfter(
  type: CodeType,
  days: readonly string[] | undefined,
  on: string,
): string | undefined {
  const first = type === 'hcpcs' ? undefined : days?.[0];
  return first !== undefined && on < first ? first : undefined;
}
