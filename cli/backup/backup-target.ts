import type { EnvironmentName } from '../../lambda/names/environments';
import { checkedPrefix } from '../../lambda/store/object-key';
import type { CliContext } from '../context';

/** Where a command's backups lie and how fast it may go. */
export interface BackupTarget {
  /** `local` without `--env`. */
  readonly environment: EnvironmentName | 'local';
  readonly prefix: string;
  readonly retentionDays: number;
  /** Operations per second of the plan; 0 where none is known. */
  readonly planOpsPerSecond: number;
}

const LOCAL_PREFIX = 'backups/redis/local/';

/**
 * The environment's values, or those of a Redis of one's own without `--env`. `prefix` from the command line
 * wins, then `BACKUP_PREFIX`.
 * @throws InvalidRequest when the prefix leads out of the store; ConfigError when a variable of the environment is
 *   wrong
 */
export async function backupTarget(context: CliContext, prefix?: string): Promise<BackupTarget> {
  const { environment, variables } = context;
  const named =
    prefix === undefined
      ? variables.BACKUP_PREFIX && checkedPrefix(variables.BACKUP_PREFIX, 'BACKUP_PREFIX')
      : checkedPrefix(prefix, '--prefix');
  if (environment === undefined) {
    return { environment: 'local', prefix: named ?? LOCAL_PREFIX, retentionDays: 0, planOpsPerSecond: 0 };
  }
  const { environmentConfig } = await import('../../lib/config/environments');
  const { backup, plan } = environmentConfig(environment, variables);
  return {
    environment,
    prefix: named ?? backup.prefix,
    retentionDays: backup.retentionDays,
    planOpsPerSecond: plan.opsPerSecond,
  };
}
