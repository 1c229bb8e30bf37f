import * as z from 'zod/mini';

/** What a contestant's process is told when it starts. */
export const taskSchema = z.object({
  connectionString: z.string(),
  /** JSON file of `[code, description]`, in the order in which they are asked. */
  questions: z.string(),
  memory: z.enum(['on', 'off']),
  /** Codes in one question. */
  batch: z.number(),
  /** Questions under way at one time. */
  inFlight: z.number(),
});
export type Task = z.infer<typeof taskSchema>;

export const questionsSchema = z.array(z.tuple([z.string(), z.string()]));

/** Asks a contestant for one round. */
export const roundSchema = z.object({ milliseconds: z.number() });

/** What a contestant says: first that it is ready, then what each round came to. */
export const reportSchema = z.object({
  operations: z.number(),
  wallMs: z.number(),
  /** User and system time of the contestant's process, not of Redis. */
  cpuMs: z.number(),
  /** Operations that were answered from elsewhere than the row wants. */
  strays: z.number(),
});
export type RoundReport = z.infer<typeof reportSchema>;
