import * as z from 'zod/mini';
import {
  type CodeRecord,
  codeRecordSchema,
  codeStateSchema,
  formerNotesSchema,
  notesSchema,
  replacementSchema,
} from '../codes/record';
import { CODE_SYSTEMS } from '../codes/systems';
import { type CodeType } from '../names/code-types';

/**
 * A record as lines of text, shorter than its JSON and better to pack:
 *
 *     [system letter]code, that of ICD-10-CM without its dot
 *     description
 *     short description, empty when it is the description
 *     0 or 1 for billable, then {validFrom, validTo, earlier, notes, earlierNotes, replacedBy} as JSON where there are any
 *
 * ICD-10-CM, by far the largest system, goes without a letter. The last line is left out for a billable code that has
 * nothing more to say. The category is left out: it follows from the code.
 */
const LETTERS: Readonly<Record<CodeType, string>> = { icd10: '', cpt: 'c', hcpcs: 'h' };

const strictNotes = z.optional(z.strictObject(notesSchema.shape));

const extrasShape = {
  validFrom: codeRecordSchema.shape.validFrom,
  validTo: codeRecordSchema.shape.validTo,
  earlier: z.optional(z.array(z.strictObject(codeStateSchema.shape))),
  notes: strictNotes,
  earlierNotes: z.optional(z.array(z.strictObject({ ...formerNotesSchema.shape, notes: strictNotes }))),
  replacedBy: z.optional(z.array(z.strictObject(replacementSchema.shape))),
};

const extrasSchema = z.strictObject(extrasShape);

const strictRecordSchema = z.strictObject({ ...codeRecordSchema.shape, ...extrasShape });

const MEMBERS = new Set(Object.keys(codeRecordSchema.shape));

/** Which system a first line belongs to. */
function typeOf(head: string): CodeType {
  if (head.startsWith(LETTERS.cpt)) return 'cpt';
  return head.startsWith(LETTERS.hcpcs) ? 'hcpcs' : 'icd10';
}

/** Three characters, then the dot, if anything follows. */
function dotted(code: string): string {
  return code.length > 3 ? `${code.slice(0, 3)}.${code.slice(3)}` : code;
}

function isPlainLine(text: string): boolean {
  return !text.includes('\n') && text.isWellFormed();
}

/** The record that a JSON value is, if it is one and nothing more. */
export function asRecord(value: unknown): CodeRecord | undefined {
  if (typeof value !== 'object' || value === null || !('shortDescription' in value)) return undefined;
  if (!Object.keys(value).every((member) => MEMBERS.has(member))) return undefined;
  const parsed = z.safeParse(strictRecordSchema, value);
  return parsed.success ? parsed.data : undefined;
}

/** The text of a record; undefined for one that the text could not give back exactly. */
export function recordText(record: CodeRecord): string | undefined {
  const { type, code, description, shortDescription, category, billable, ...extras } = record;
  const written = type === 'icd10' ? code.replace('.', '') : code;
  const restorable =
    /^[0-9A-Z]+$/.test(written) &&
    (type === 'icd10' ? dotted(written) : written) === code &&
    isPlainLine(description) &&
    isPlainLine(shortDescription) &&
    (shortDescription !== '' || description === '') &&
    category === CODE_SYSTEMS[type].category(code);
  if (!restorable) return undefined;
  const short = shortDescription === description ? '' : shortDescription;
  const json = JSON.stringify(extras);
  const more = json === '{}' ? '' : json;
  const last = billable && more === '' ? '' : `\n${billable ? '1' : '0'}${more}`;
  return `${LETTERS[type]}${written}\n${description}\n${short}${last}`;
}

/**
 * The record a text stands for, as JSON.parse would give it.
 * @throws Error for a text that `recordText` cannot have written
 */
export function recordFromText(text: string): CodeRecord {
  const [head = '', description, short, last, ...rest] = text.split('\n');
  if (description === undefined || short === undefined || rest.length > 0) throw new Error('not four lines');
  const type = typeOf(head);
  const written = head.slice(LETTERS[type].length);
  const code = type === 'icd10' ? dotted(written) : written;
  const category = CODE_SYSTEMS[type].category(code);
  if (code === '' || category === undefined) throw new Error('a code without category');
  const mark = last?.[0] ?? '1';
  if (mark !== '0' && mark !== '1') throw new Error('neither billable nor header');
  const more = last?.slice(1) ?? '';
  const record = {
    type,
    code,
    description,
    shortDescription: short === '' ? description : short,
    category,
    billable: mark === '1',
  };
  if (more === '') return record;
  return { ...record, ...z.parse(extrasSchema, JSON.parse(more)) };
}
