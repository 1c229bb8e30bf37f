import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config/environments';

const RETENTION = {
  30: RetentionDays.ONE_MONTH,
  90: RetentionDays.THREE_MONTHS,
  365: RetentionDays.ONE_YEAR,
};

/** A log group under the environment's key, with an end. */
export function encryptedLogs(scope: Construct, id: string, config: EnvironmentConfig, key: IKey): LogGroup {
  return new LogGroup(scope, id, {
    retention: RETENTION[config.logRetentionDays],
    encryptionKey: key,
    removalPolicy: config.retain ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  });
}
