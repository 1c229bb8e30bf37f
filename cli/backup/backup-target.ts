import type { EnvironmentName } from '../../lambda/names/environments';
import { checkedPrefix } from '../../lambda/store/object-key';
import type { CliContext } from '../context';
import { environmentFigures } from '../environment-figures';

/** Where a command's backups lie and how fast it may go. */
export interface BackupTarget {
  /** `local` without `--env`. */
  readonly environment: EnvironmentName | 'local';
  readonly prefix: string;
  readonly retentionDays: number;
  /** Operations per second of the plan; 0 where none is known. */
  readonly planOpsPerSecond: number;
}

/**
 * The environment's values, or those of a Redis of one's own without `--env`. `prefix` from the command line wins.
 * @throws InvalidRequest when the prefix leads out of the store; ConfigError when a variable of the environment is
 *   wrong
 */
export async function backupTarget(context: CliContext, prefix?: string): Promise<BackupTarget> {
  const { plan, backup } = await environmentFigures(context);
  return {
    environment: context.environment ?? 'local',
    prefix: prefix === undefined ? backup.prefix : checkedPrefix(prefix, '--prefix'),
    retentionDays: backup.retentionDays,
    planOpsPerSecond: plan.opsPerSecond,
  };
}
