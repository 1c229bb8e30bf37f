import * as z from 'zod/mini';
import { codeRecordSchema, type CodeRecord, type CodeState, dateSchema } from './record';
import { notesOn, replacementsOn, statesOf, type Status, STATUSES, standingOn } from './states';

const day = z.nullable(dateSchema);

export const datedStateSchema = z.object({
  validFrom: day,
  validTo: day,
  billable: z.boolean(),
  description: z.string(),
  shortDescription: z.string(),
});
type DatedState = z.infer<typeof datedStateSchema>;

export const statusSchema = z.enum(STATUSES);

/** A code as it is answered: what it is on one date. */
export const datedRecordSchema = z.object({
  type: codeRecordSchema.shape.type,
  code: z.string(),
  description: z.string(),
  shortDescription: z.string(),
  category: z.string(),
  /** Whether the code is valid on a claim of that date. */
  billable: z.boolean(),
  status: statusSchema,
  validFrom: day,
  validTo: day,
  notes: codeRecordSchema.shape.notes,
  replacedBy: z.optional(z.array(z.string())),
  states: z.optional(z.array(datedStateSchema)),
});
export type DatedRecord = z.infer<typeof datedRecordSchema>;

/**
 * What a code is on a date.
 * @param on `YYYY-MM-DD`
 * @param history whether all its states come along
 */
export function recordOn(record: CodeRecord, on: string, history = false): DatedRecord {
  const { type, code, category } = record;
  const { state, status } = standingOn<CodeState>(record, on);
  const { description, shortDescription, validFrom = null, validTo = null } = state;
  const billable = status === 'active' && state.billable;
  const answer: DatedRecord = {
    type,
    code,
    description,
    shortDescription,
    category,
    billable,
    status,
    validFrom,
    validTo,
  };
  const notes = notesOn(record, inForce(state, status, on));
  if (notes !== undefined) answer.notes = notes;
  if (!billable && record.replacedBy !== undefined) {
    const replacedBy = replacementsOn(record, on);
    if (replacedBy.length > 0) answer.replacedBy = replacedBy;
  }
  if (history) answer.states = statesOf(record).map(datedState);
  return answer;
}

/** The day nearest to a date on which a state is in force. */
function inForce({ validFrom, validTo }: CodeState, status: Status, on: string): string {
  const nearest = status === 'ended' ? validTo : status === 'future' ? validFrom : on;
  return nearest ?? on;
}

function datedState({ validFrom, validTo, billable, description, shortDescription }: CodeState): DatedState {
  return { validFrom: validFrom ?? null, validTo: validTo ?? null, billable, description, shortDescription };
}
