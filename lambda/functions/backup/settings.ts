import * as z from 'zod/mini';
import { ENVIRONMENTS } from '../../names/environments';
import { SETTING } from '../../names/settings';

const wholeNumber = z
  .string()
  .check(z.regex(/^\d{1,9}$/, 'expected a whole number'))
  .check(z.minLength(1));

const schema = z.object({
  [SETTING.environment]: z.enum(ENVIRONMENTS),
  [SETTING.redisSecretArn]: z.string().check(z.minLength(1)),
  [SETTING.catalogStore]: z.string().check(z.minLength(1)),
  [SETTING.backupPrefix]: z.string().check(z.minLength(1)),
  [SETTING.backupRetentionDays]: wholeNumber,
  [SETTING.planOpsPerSecond]: wholeNumber,
});

/** What the stacks tell the backup function. */
export interface BackupFunctionSettings {
  readonly environment: string;
  readonly redisSecretArn: string;
  readonly store: string;
  readonly prefix: string;
  readonly retentionDays: number;
  /** 0 when the plan names no limit. */
  readonly planOpsPerSecond: number;
}

/** @throws Error naming the variable that is missing or out of shape */
export function readSettings(variables: NodeJS.ProcessEnv): BackupFunctionSettings {
  const parsed = z.safeParse(schema, variables);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(
      `${issue?.path.join('.') ?? 'a setting'}: ${issue?.message ?? 'is wrong'}; the Operations stack sets it.`,
    );
  }
  const values = parsed.data;
  return {
    environment: values[SETTING.environment],
    redisSecretArn: values[SETTING.redisSecretArn],
    store: values[SETTING.catalogStore],
    prefix: values[SETTING.backupPrefix],
    retentionDays: Number(values[SETTING.backupRetentionDays]),
    planOpsPerSecond: Number(values[SETTING.planOpsPerSecond]),
  };
}
