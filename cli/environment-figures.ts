import { checkedPrefix } from '../lambda/store/object-key';
import { parseVariable } from '../lib/config/variables';
import type { CliContext } from './context';

/** What a command needs to know of an environment without touching it. */
export interface EnvironmentFigures {
  /** Limits of the Redis plan; 0 where none is known. */
  readonly plan: { readonly memoryMb: number; readonly connections: number; readonly opsPerSecond: number };
  readonly backup: {
    readonly prefix: string;
    readonly retentionDays: number;
    readonly maxAgeHours: number | undefined;
  };
}

const LOCAL_PREFIX = 'backups/redis/local/';

/**
 * The environment's figures, or without `--env` those of `PLAN_MEMORY_MB` and its like. `BACKUP_PREFIX` wins over the
 * environment's.
 * @throws ConfigError when a variable is wrong; InvalidRequest when the prefix leads out of the store
 */
export async function environmentFigures({
  environment,
  variables,
}: Pick<CliContext, 'environment' | 'variables'>): Promise<EnvironmentFigures> {
  const named = variables.BACKUP_PREFIX;
  const ownPrefix = named === undefined ? undefined : checkedPrefix(named, 'BACKUP_PREFIX');
  if (environment === undefined) {
    return {
      plan: {
        memoryMb: parseVariable('PLAN_MEMORY_MB', variables) ?? 0,
        connections: parseVariable('PLAN_CONNECTIONS', variables) ?? 0,
        opsPerSecond: parseVariable('PLAN_OPS_PER_SECOND', variables) ?? 0,
      },
      backup: { prefix: ownPrefix ?? LOCAL_PREFIX, retentionDays: 0, maxAgeHours: undefined },
    };
  }
  const { environmentConfig } = await import('../lib/config/environments');
  const { plan, backup } = environmentConfig(environment, variables);
  const { retentionDays, maxAgeHours } = backup;
  return {
    plan,
    backup: { prefix: ownPrefix ?? backup.prefix, retentionDays, maxAgeHours },
  };
}
