import * as z from 'zod/mini';
import { batchResultSchema } from '../../lookup/answers';

export const batchAnswerSchema = z.object({ results: z.array(batchResultSchema) });

export const healthSchema = z.object({ status: z.enum(['ok', 'degraded']) });
