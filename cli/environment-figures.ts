import type { CliContext } from './context';

/** What a command needs to know of an environment without touching it. */
export interface EnvironmentFigures {
  /** Limits of the Redis plan; 0 where none is known. */
  readonly plan: { readonly memoryMb: number; readonly connections: number; readonly opsPerSecond: number };
  readonly backup: { readonly prefix: string; readonly maxAgeHours: number | undefined };
  /** What is wrong with the environment's variables; the figures are then its defaults. */
  readonly problem: string | undefined;
}

const LOCAL_PREFIX = 'backups/redis/local/';

function numberIn(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** The environment's figures, or without `--env` those of `PLAN_MEMORY_MB` and its like. Never throws for a bad variable. */
export async function environmentFigures(context: CliContext): Promise<EnvironmentFigures> {
  const { environment, variables } = context;
  if (environment === undefined) {
    return {
      plan: {
        memoryMb: numberIn(variables.PLAN_MEMORY_MB),
        connections: numberIn(variables.PLAN_CONNECTIONS),
        opsPerSecond: numberIn(variables.PLAN_OPS_PER_SECOND),
      },
      backup: { prefix: variables.BACKUP_PREFIX ?? LOCAL_PREFIX, maxAgeHours: undefined },
      problem: undefined,
    };
  }
  const [{ environmentConfig }, { ConfigError }] = await Promise.all([
    import('../lib/config/environments'),
    import('../lib/config/config-error'),
  ]);
  const figures = (given: Parameters<typeof environmentConfig>[1], problem?: string): EnvironmentFigures => {
    const { plan, backup } = environmentConfig(environment, given);
    return { plan, backup: { prefix: backup.prefix, maxAgeHours: backup.maxAgeHours }, problem };
  };
  try {
    return figures(variables);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return figures({}, error.message);
  }
}
