import * as z from 'zod/mini';
import { isDay } from '../../codes/days';
import { CODE_TYPES } from '../../names/code-types';

/** Codes of one category page or hot list. */
export const PAGE_LIMIT = { default: 100, max: 1000 } as const;

/** Most codes of one batch. */
export const BATCH_LIMIT = 200;

/** Longest cursor worth decoding. */
const MAX_CURSOR = 256;

const limitError = `must be a whole number from 1 to ${PAGE_LIMIT.max}`;

const limitSchema = z._default(
  z.pipe(
    z.pipe(z.string().check(z.regex(/^\d{1,4}$/, limitError)), z.transform(Number)),
    z.int(limitError).check(z.minimum(1, limitError), z.maximum(PAGE_LIMIT.max, limitError)),
  ),
  PAGE_LIMIT.default,
);

const yesOrNo = z.stringbool({
  truthy: ['true'],
  falsy: ['false'],
  case: 'sensitive',
  error: 'must be true or false',
});

const onSchema = z
  .string('must be a string')
  .check(z.refine(isDay, 'must be a day as YYYY-MM-DD, such as 2026-10-01'));

/** Query of routes that take a date of service alone. */
export const dayQuerySchema = z.object({ on: z.optional(onSchema) });

/** Query of a code. */
export const codeQuerySchema = z.extend(dayQuerySchema, { history: z.optional(yesOrNo) });

/** Query of a category's list. */
export const categoryQuerySchema = z.extend(dayQuerySchema, {
  status: z.optional(z.enum(['active', 'all'], 'must be active or all')),
  limit: limitSchema,
  cursor: z.optional(
    z
      .string()
      .check(z.regex(new RegExp(`^[\\w-]{1,${MAX_CURSOR}}$`), 'must be nextCursor of the previous page')),
  ),
  billable: z.optional(yesOrNo),
});

/** Query of a team's hot codes. */
export const hotCodesQuerySchema = z.extend(dayQuerySchema, { limit: limitSchema });

/** Query of routes that take none. */
export const noQuerySchema = z.object({});

const batchCountError = `must list 1 to ${BATCH_LIMIT} codes`;

/** Body of a batch. The codes in it are still as the caller spelt them. */
export const batchBodySchema = z.strictObject(
  {
    on: z.optional(onSchema),
    codes: z
      .array(
        z.strictObject(
          {
            type: z.enum(CODE_TYPES, `must be one of ${CODE_TYPES.join(', ')}`),
            code: z.string('must be a string'),
          },
          'must be an object with type and code',
        ),
        'must be an array of objects with type and code',
      )
      .check(z.minLength(1, batchCountError), z.maxLength(BATCH_LIMIT, batchCountError)),
  },
  'must be an object with codes',
);
