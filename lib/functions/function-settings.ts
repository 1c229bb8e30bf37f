import { SETTING } from '../../lambda/names/settings';
import type { EnvironmentConfig } from '../config/environments';
import type { StorageStack } from '../storage/storage-stack';

/** The settings that every function reads. Figures and names; the one secret is named by its ARN. */
export function functionSettings(config: EnvironmentConfig, storage: StorageStack): Record<string, string> {
  return {
    [SETTING.environment]: config.name,
    [SETTING.redisSecretArn]: storage.redisSecret.secretArn,
    [SETTING.redisAddressId]: config.redis.id,
    [SETTING.catalogStore]: `s3://${config.bucketName}`,
    [SETTING.authMode]: config.auth.mode,
    [SETTING.teamClaim]: config.teamClaim,
    [SETTING.usageCounting]: config.usageCounting ? 'on' : 'off',
    [SETTING.backupPrefix]: config.backup.prefix,
    [SETTING.backupRetentionDays]: String(config.backup.retentionDays),
    [SETTING.planMemoryMb]: String(config.plan.memoryMb),
    [SETTING.planConnections]: String(config.plan.connections),
    [SETTING.planOpsPerSecond]: String(config.plan.opsPerSecond),
  };
}
